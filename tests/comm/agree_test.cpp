#include <gtest/gtest.h>

#include "base/topics.hpp"
#include "comm/communicator.hpp"

namespace millrace {
namespace {

TEST(Agree, GivesTheLocalResultWhereAllSucceed) {
  const auto world = Communicator::world();
  EXPECT_EQ(world.agree([&] { return world.rank() * 10; }), world.rank() * 10);
}

TEST(Agree, ThrowsTheLowestFailingRanksErrorEverywhere) {
  const auto world = Communicator::world();
  const int failing = world.size() / 2;
  try {
    world.agree([&] {
      if (world.rank() >= failing) throw Error(Topic::kUnclosedQuote, "bad shard {}", world.rank());
    });
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kDataRejected);
    EXPECT_EQ(error.topic(), Topic::kUnclosedQuote);
    EXPECT_NE(error.message().find(fmt::format("bad shard {}", failing)), std::string::npos)
        << error.message();
  }
}

TEST(Agree, LeavesTheCommunicatorUsable) {
  const auto world = Communicator::world();
  EXPECT_THROW(world.agree([] { throw std::runtime_error("not ours"); }), Error);
  EXPECT_EQ(world.all_reduce(std::int64_t{1}, Reduce::kSum), world.size());
}

}  // namespace
}  // namespace millrace
