#include "deployment/endpoint_journal.hpp"

#include "base/log.hpp"

namespace millrace {

namespace {

constexpr const char* kJournalEntry = "deployment journal entry";

Json to_document(const EndpointChange& change, bool paused) {
  return {{"type", change.type},
          {"version",
           {{"model", change.version.model},
            {"version", change.version.version},
            {"artifact", change.version.artifact.hex()}}},
          {"reason", change.reason},
          {"figures", change.figures},
          {"paused", paused},
          {"state", change.state}};
}

// A pause lasts until it is ended, or what it was about is.
bool paused_after(const EndpointChange& change, bool before) {
  if (change.type == "pause") return true;
  return change.type == "window" && before;
}

bool brings_in(const std::string& type) {
  return type == "deploy" || type == "promote";
}

std::uint64_t next_generation(const std::optional<EndpointState>& before, EndpointState state) {
  if (!before) return 1;
  state.generation = before->generation;
  return state == *before ? before->generation : before->generation + 1;
}

// What servers are shown; a file that cannot be read is as none: it will be written anew.
std::optional<EndpointState> shown_state(const std::string& root, const std::string& endpoint) {
  try {
    return read_endpoint(root, endpoint);
  } catch (const Error& error) {
    log_warning("{}; it is written again", error.message());
    return std::nullopt;
  }
}

}  // namespace

EndpointJournal::EndpointJournal(const std::string& workspace_root, const std::string& endpoint)
    : root_(workspace_root),
      endpoint_(endpoint),
      journal_(endpoint_folder(workspace_root, endpoint) + "/journal", "deployment journal") {}

const Standing& EndpointJournal::standing() {
  follow(journal_.read_after(position_));
  if (position_.number == 0) standing_.state = read_endpoint(root_, endpoint_);
  return standing_;
}

void EndpointJournal::follow(const std::vector<JournalEntry>& entries) {
  for (const JournalEntry& entry : entries) {
    const Json content = entry.content();
    const auto type = json_get<std::string>(content, "type", kJournalEntry);
    const Json version = json_get<Json>(content, "version", kJournalEntry);
    const Digest artifact = Digest::from_hex(json_get<std::string>(version, "artifact", kJournalEntry));
    standing_.state = json_get<Json>(content, "state", kJournalEntry).get<EndpointState>();
    standing_.paused = json_get<bool>(content, "paused", kJournalEntry);
    standing_.last_reason = json_get<std::string>(content, "reason", kJournalEntry);
    if (brings_in(type)) standing_.refused.erase(artifact);
    if (type == "rollback") {
      standing_.refused[artifact] =
          json_get<std::string>(content, "time", kJournalEntry) + ": " + standing_.last_reason;
    }
    position_ = {entry.number, entry.digest};
  }
}

const Standing& EndpointJournal::change(const Maker& make) {
  (void)standing();
  journal_.append(position_, [&](const std::vector<JournalEntry>& entries) -> std::optional<Json> {
    follow(entries);
    std::optional<EndpointChange> change = make(standing_);
    if (!change) return std::nullopt;
    change->state.generation = next_generation(standing_.state, change->state);
    return to_document(*change, paused_after(*change, standing_.paused));
  });
  publish();
  return standing_;
}

// Ends only when the newest entry is what is shown: of writers that race, the last one to write the file
// looks at the journal afterwards.
void EndpointJournal::publish() {
  for (;;) {
    follow(journal_.read_after(position_));
    if (position_.number == 0 || shown_state(root_, endpoint_) == standing_.state) return;
    write_endpoint(root_, standing_.state.value());
  }
}

std::vector<Json> EndpointJournal::entries() const {
  std::vector<Json> all;
  for (const JournalEntry& entry : journal_.read()) all.push_back(entry.content());
  return all;
}

}  // namespace millrace
