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

  // Delivering: claim, then message by message next and told, until there is no next; release, which ends
  // the claim early, with what went wrong. `seconds` is how long a message may take.
  // No claim where nothing waits, or another process delivers.
  bool claim(const std::string& channel, double seconds);
  std::optional<AlertMessage> next(const std::string& channel);
  // With the last one the claim ends.
  void told(const std::string& channel, std::uint64_t message, double seconds);
  void release(const std::string& channel, const std::string& failure);

 private:
  using Maker = std::function<std::optional<Json>()>;
  void append(const Maker& make);
  void follow(const std::vector<JournalEntry>& entries);

  Journal journal_;
  JournalPosition position_;
  AlertStanding standing_;
};

}  // namespace millrace
