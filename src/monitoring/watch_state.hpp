// What `millrace watch` remembers between looks, WORKSPACE/monitoring/PIPELINE/watch/state.json:
// docs/formats.md, "Watched files". It only saves time: without it, files settle and are read once more.
#pragma once

#include <map>
#include <string>

#include "base/file.hpp"
#include "base/json.hpp"

namespace millrace {

// When a look was.
struct LookTime {
  std::string boot;   // which start of which machine; "" where that cannot be told
  double steady = 0;  // seconds since then: a clock that nobody sets
  double wall = 0;    // seconds since 1970
};
void to_json(Json& json, const LookTime& time);
void from_json(const Json& json, LookTime& time);
LookTime look_time_now();
// Never negative. By the steady clock where it is the same one, else by the wall clock.
double seconds_between(const LookTime& earlier, const LookTime& later);

struct WatchedFile {
  Json stamp;               // FoundFile::stamp
  double stood = 0;         // seconds from the first look that saw this stamp to the last one
  std::string digest = {};  // of its bytes, in hexadecimal; "": it has not been read
  bool taken = false;       // its content is in a dataset, or a retraining has begun for it

  friend bool operator==(const WatchedFile&, const WatchedFile&) = default;
};

void to_json(Json& json, const WatchedFile& file);
void from_json(const Json& json, WatchedFile& file);

struct WatchState {
  LookTime time;
  std::map<std::string, WatchedFile> files;  // by place
};

void to_json(Json& json, const WatchState& state);
void from_json(const Json& json, WatchState& state);

// An empty one where there is none, or a damaged one, of which a warning tells.
WatchState read_watch_state(const std::string& path);
// Throws kResource.
void write_watch_state(const std::string& path, const WatchState& state);

// Two watchers of one pipeline would do no harm (the journal of retrainings lets one of them begin), but
// what one remembers would mislead the other. Held until the process ends, however it does.
class WatchLock {
 public:
  // Throws kResource where another process has it. A file system without locks costs a warning.
  explicit WatchLock(const std::string& path);

 private:
  UniqueFd file_;
};

}  // namespace millrace
