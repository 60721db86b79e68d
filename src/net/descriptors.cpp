#include "net/descriptors.hpp"

#include <algorithm>

#include <sys/resource.h>

#include "base/log.hpp"
#include "net/sessions.hpp"

namespace millrace {

namespace {

// Libraries, standard streams, epoll, what a new model version is read from, and connections that are turned
// away.
constexpr rlim_t kOtherFiles = 128 + Sessions::kTurnedAway;

}  // namespace

std::uint32_t make_room_for_connections(std::uint32_t wanted) {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return wanted;
  const rlim_t needed = wanted + kOtherFiles;
  if (files.rlim_cur >= needed) return wanted;
  const rlimit raised{.rlim_cur = std::min(needed, files.rlim_max), .rlim_max = files.rlim_max};
  if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) files = raised;
  if (files.rlim_cur >= needed) return wanted;
  const auto possible =
      static_cast<std::uint32_t>(files.rlim_cur - std::min(files.rlim_cur - 1, kOtherFiles));
  log_warning(
      "this process may open {} files, so it holds {} connections at once instead of {}; 'ulimit -n' raises "
      "it",
      files.rlim_cur, possible, wanted);
  return possible;
}

}  // namespace millrace
