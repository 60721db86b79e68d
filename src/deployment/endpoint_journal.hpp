// What has happened at an endpoint: deploy/ENDPOINT/journal/, a journal (storage/journal.hpp) whose entries
// each hold the state that they result in. The state is the last entry's; state.json, which servers follow,
// shows it. Format: docs/formats.md, "Deployment journal".
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/endpoint_state.hpp"
#include "storage/journal.hpp"

namespace millrace {

// One entry. "deploy", "step", "promote", "rollback", "pause", "resume", or "window": judged, and nothing
// follows.
struct EndpointChange {
  std::string type;
  Deployed version;  // that it is about
  std::string reason;
  EndpointState state;     // that results; its generation is filled in
  Json figures = nullptr;  // that it was decided by: judge.hpp
};

// What the entries add up to.
struct Standing {
  std::optional<EndpointState> state;  // nothing: never deployed
  bool paused = false;
  std::map<Digest, std::string> refused;  // rolled back and not deployed since → when and why
  std::string last_reason;
};

class EndpointJournal {
 public:
  // Throws kUsage for a name that cannot be an endpoint's.
  EndpointJournal(const std::string& workspace_root, const std::string& endpoint);

  // As of now. An endpoint of a version without journals has the state that state.json shows. Throws
  // kResource for a journal that is damaged.
  const Standing& standing();
  // What to append, or nothing where all is as wanted; asked again after a lost race. What it throws ends the
  // attempt.
  using Maker = std::function<std::optional<EndpointChange>(const Standing&)>;
  // Appends the entry, then publishes the state that the journal has by then. Safe against any number of
  // writers; one that is killed between the two is completed by the next. Throws kResource.
  const Standing& change(const Maker& make);
  // All entries as they stand there, oldest first.
  [[nodiscard]] std::vector<Json> entries() const;

 private:
  void follow(const std::vector<JournalEntry>& entries);
  void publish();

  std::string root_;
  std::string endpoint_;
  Journal journal_;
  JournalPosition position_;
  Standing standing_;
};

}  // namespace millrace
