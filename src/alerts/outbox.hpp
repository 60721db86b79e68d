// The outbox: alerts/ in the workspace, a journal (storage/journal.hpp) of what was raised, resolved and
// told. Safe against any number of processes on any nodes. For one thread.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "alerts/standing.hpp"
#include "storage/objects.hpp"

namespace millrace {

class AlertOutbox {
 public:
  explicit AlertOutbox(const Workspace& workspace) : journal_(workspace.path("alerts"), "alerts") {}

  // As of now. Throws kResource, as all here.
  const AlertStanding& standing();

  // For these channels; nothing where this cause is open for this run at that level or above.
  void raise(const Alert& alert, const std::string& run, const std::set<std::string>& channels);
  // For the channels that were told; nothing where the cause is not open. Returns whether it was.
  bool resolve(const std::string& cause, const std::string& text);

  // Delivering: claim, then message by message next and told or refused, until there is no next; release,
  // which ends the claim early. `seconds` is how long a message may take.
  // No claim where nothing waits, or another process delivers.
  bool claim(const std::string& channel, double seconds);
  std::optional<AlertMessage> next(const std::string& channel);
  // With the last one the claim ends.
  void told(const std::string& channel, std::uint64_t message, double seconds);
  // It is set aside: those behind it are delivered, it is only after restore.
  void refused(const std::string& channel, std::uint64_t message, const std::string& failure, double seconds);
  // With how the first message failed, where it did.
  void release(const std::string& channel, const std::optional<Failing>& failing);
  // What was refused waits again, in its old place.
  void restore(const std::string& channel);

 private:
  using Maker = std::function<std::optional<Json>()>;
  void append(const Maker& make);
  void append_ended(Json entry, double seconds);
  void follow(const std::vector<JournalEntry>& entries);

  Journal journal_;
  JournalPosition position_;
  AlertStanding standing_;
};

}  // namespace millrace
