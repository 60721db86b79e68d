#include "monitoring/watch_state.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/host.hpp"
#include "base/log.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"

namespace millrace {

namespace {

constexpr int kWatchStateFormat = 1;

template <class Clock>
double seconds_of() {
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

}  // namespace

void to_json(Json& json, const LookTime& time) {
  json = {{"boot", time.boot}, {"steady", time.steady}, {"wall", time.wall}};
}
void from_json(const Json& json, LookTime& time) {
  time = {json.at("boot"), json.at("steady"), json.at("wall")};
}

void to_json(Json& json, const WatchedFile& file) {
  json = {{"stamp", file.stamp}, {"stood", file.stood}, {"sha256", file.digest}, {"taken", file.taken}};
}
void from_json(const Json& json, WatchedFile& file) {
  file = {json.at("stamp"), json.at("stood"), json.at("sha256"), json.at("taken")};
}

void to_json(Json& json, const WatchState& state) {
  json = {{"format", kWatchStateFormat}, {"time", state.time}, {"files", state.files}};
}
void from_json(const Json& json, WatchState& state) {
  if (json.at("format") != kWatchStateFormat)
    throw resource_error("its format is {}, not {}", json.at("format").dump(), kWatchStateFormat);
  json.at("time").get_to(state.time);
  json.at("files").get_to(state.files);
}

LookTime look_time_now() {
  std::string boot;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
  return {boot, seconds_of<std::chrono::steady_clock>(), seconds_of<std::chrono::system_clock>()};
}

double seconds_between(const LookTime& earlier, const LookTime& later) {
  const bool one_clock = !later.boot.empty() && later.boot == earlier.boot;
  return std::max(0.0, one_clock ? later.steady - earlier.steady : later.wall - earlier.wall);
}

WatchState read_watch_state(const std::string& path) {
  if (!path_exists(path)) return {};
  try {
    return parse_document<WatchState>(read_file(path), "'" + path + "'");
  } catch (const Error& error) {
    log_warning("{}; all files are looked at anew", error.message());
    return {};
  }
}

void write_watch_state(const std::string& path, const WatchState& state) {
  publish_file(path, Json(state).dump());
}

WatchLock::WatchLock(const std::string& path)
    : file_(file_operations().open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (!file_.valid()) throw errno_error("open", path, errno);
  if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) throw resource_error("{} watches already ('{}')", trim(read_file(path)), path);
    log_warning("'{}' cannot be locked: see to it that one process alone watches", path);
    return;
  }
  const std::string owner = fmt::format("process {} on {}\n", ::getpid(), host_name());
  if (::ftruncate(file_.get(), 0) != 0) throw errno_error("write", path, errno);
  write_all(file_.get(), owner, path);
}

}  // namespace millrace
