#include "net/descriptors.hpp"

#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "net/sessions.hpp"

namespace millrace {
namespace {

constexpr rlim_t kOthers = 128 + Sessions::kTurnedAway;

rlim_t soft_limit() {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  return files.rlim_cur;
}

// In a process of its own, since a hard limit does not rise again.
[[noreturn]] void exit_with_whether(rlimit files, std::uint32_t wanted, std::uint32_t possible, rlim_t soft) {
  if (::setrlimit(RLIMIT_NOFILE, &files) != 0) std::exit(2);
  std::exit(make_room_for_connections(wanted) == possible && soft_limit() == soft ? 0 : 1);
}

TEST(Descriptors, ALowLimitIsRaisedAsFarAsItTakes) {
  const rlim_t needed = 300 + kOthers;
  EXPECT_EXIT(exit_with_whether({.rlim_cur = 100, .rlim_max = needed}, 300, 300, needed),
              ::testing::ExitedWithCode(0), "^$");
  EXPECT_EXIT(exit_with_whether({.rlim_cur = needed, .rlim_max = needed}, 100, 100, needed),
              ::testing::ExitedWithCode(0), "^$");
}

TEST(Descriptors, AHardLimitMeansFewerConnectionsAndAWarning) {
  EXPECT_EXIT(exit_with_whether({.rlim_cur = 50, .rlim_max = 300}, 1000, 300 - kOthers, 300),
              ::testing::ExitedWithCode(0),
              "may open 300 files, so it holds 108 connections at once instead of 1000");
  EXPECT_EXIT(exit_with_whether({.rlim_cur = 50, .rlim_max = 50}, 1000, 1, 50), ::testing::ExitedWithCode(0),
              "holds 1 connections at once instead of 1000");
}

}  // namespace
}  // namespace millrace
