#include "comm/communicator.hpp"

#include <numeric>

#include <gtest/gtest.h>

namespace millrace {
namespace {

std::string part(int from, int to) {
  return std::string(static_cast<std::size_t>(from * 3 + to), static_cast<char>('a' + from));
}

TEST(Communicator, ReducesElementWise) {
  const auto world = Communicator::world();
  std::vector<double> values{1.0 * world.rank(), -2.0 * world.rank()};
  world.all_reduce(std::span(values), Reduce::kMax);
  EXPECT_EQ(values, (std::vector<double>{1.0 * (world.size() - 1), 0.0}));
}

TEST(Communicator, ExclusiveSumLeavesOutTheOwnValue) {
  const auto world = Communicator::world();
  const auto rank = static_cast<std::uint64_t>(world.rank());
  EXPECT_EQ(world.exclusive_sum(rank + 1), rank * (rank + 1) / 2);
}

TEST(Communicator, BroadcastsFromAnyRoot) {
  const auto world = Communicator::world();
  const int root = world.size() - 1;
  std::string bytes =
      world.rank() == root ? std::string("from\0the root", 13) : "something longer than that was here";
  world.broadcast(bytes, root);
  EXPECT_EQ(bytes, std::string("from\0the root", 13));
}

TEST(Communicator, SplitsIntoGroupsThatDoNotWaitForEachOther) {
  const auto world = Communicator::world();
  const auto group = world.split(world.rank() % 2);
  EXPECT_EQ(group.rank(), world.rank() / 2);
  EXPECT_EQ(group.size(), (world.size() + 1 - world.rank() % 2) / 2);
  const int rounds = world.rank() % 2 == 0 ? 5 : 2;  // as many as each likes
  for (int round = 0; round < rounds; ++round)
    EXPECT_EQ(group.all_reduce(std::int32_t{1}, Reduce::kSum), group.size());
  world.barrier();
}

TEST(Communicator, AnErrorInAGroupIsTheGroupsAlone) {
  const auto world = Communicator::world();
  const auto group = world.split(world.is_root() ? 0 : 1);
  const auto fail = [&] {
    if (world.is_root()) throw data_error("only here");
  };
  bool failed = false;
  try {
    group.agree(fail);
  } catch (const Error&) {
    failed = true;
  }
  EXPECT_EQ(failed, world.is_root());
  world.barrier();
}

TEST(Communicator, GathersTextsOfDifferentLengths) {
  const auto world = Communicator::world();
  const auto all = world.all_gather(part(world.rank(), 0));
  ASSERT_EQ(all.size(), static_cast<std::size_t>(world.size()));
  for (int r = 0; r < world.size(); ++r) EXPECT_EQ(all[static_cast<std::size_t>(r)], part(r, 0));
  EXPECT_EQ(world.gather("x").size(), world.is_root() ? static_cast<std::size_t>(world.size()) : 0U);
}

TEST(Communicator, ExchangesAllToAll) {
  const auto world = Communicator::world();
  std::vector<std::string> to;
  for (int r = 0; r < world.size(); ++r) to.push_back(part(world.rank(), r));
  const auto from = world.all_to_all(to);
  for (int r = 0; r < world.size(); ++r) EXPECT_EQ(from[static_cast<std::size_t>(r)], part(r, world.rank()));
}

TEST(Communicator, GathersBlocksOfFloatsInRankOrder) {
  const auto world = Communicator::world();
  const std::vector<float> mine(3, static_cast<float>(world.rank()));
  std::vector<float> all(3 * static_cast<std::size_t>(world.size()), -1);
  world.all_gather(mine, all);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], static_cast<float>(i / 3));
}

// Tests run on one host.
TEST(Communicator, KnowsItsPlaceOnThisHost) {
  const Communicator world = Communicator::world();
  EXPECT_EQ(world.on_this_host().rank, world.rank());
  EXPECT_EQ(world.on_this_host().size, world.size());
  EXPECT_EQ(Communicator::self().on_this_host().size, 1);
}

TEST(Communicator, AGroupsRanksKeepTheirPlacesAmongAllOnThisHost) {
  const Communicator world = Communicator::world();
  const Communicator group = world.split(world.rank() / 2);
  const LocalRank place = group.split(group.rank()).on_this_host();
  EXPECT_EQ(place.rank, world.rank());
  EXPECT_EQ(place.size, world.size());
}

}  // namespace
}  // namespace millrace
