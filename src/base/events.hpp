// Everything that happens is an event: a JSON object with "time" and "event", one a line.
// Stages emit; progress bars, the run's events.jsonl and the report listen. Stages know none of the
// listeners. Events are emitted on rank 0 (and warnings on any rank); emitting without listeners costs next
// to nothing.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace millrace {

using EventListener = std::function<void(const Json& event)>;

// Not thread-safe: listeners are added by the main thread before the work begins.
class Events {
 public:
  void listen(EventListener listener) { listeners_.push_back(std::move(listener)); }
  // Adds "time" and "event": name to `fields` (an object) and hands it to every listener.
  void emit(const std::string& name, Json fields = Json::object());

 private:
  std::vector<EventListener> listeners_;
};

// The events of such a file, in order; none where it does not exist. A line that is no JSON is passed over:
// the last one of a run that goes on, or that was killed, may be torn.
std::vector<Json> read_events(const std::string& path);

// A listener that appends each event as one line to `path`. Throws kResource where the file cannot be opened;
// one that cannot be written later is given up with one warning: as a log, it ends no run.
EventListener event_file(const std::string& path);

}  // namespace millrace
