#include "base/watchdog.hpp"

#include <atomic>

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/stuck_report.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::TemporaryFolder;
using Milliseconds = std::chrono::milliseconds;

// Waits until `done`, at most ten seconds.
template <class Condition>
bool comes_true(Condition&& done) {
  for (int i = 0; i < 2000 && !done(); ++i) std::this_thread::sleep_for(Milliseconds(5));
  return done();
}

// A watchdog whose end of the job is only noted. Its thread goes on, so that it may be noted more than once.
struct Watched {
  explicit Watched(int rank = 0, int size = 1) : watchdog(rank, size, false, {end, end}) {}
  std::atomic<int> code{0};
  std::function<void(int)> end = [this](int exit_code) { code = exit_code; };
  Watchdog watchdog;
};

struct SlowSync : FileOperations {
  std::atomic<bool> go_on{false};
  int sync(int) override {
    EXPECT_TRUE(comes_true([&] { return go_on.load(); }));
    return 0;
  }
};

TEST(Position, SaysWhatEachThreadIsIn) {
  const TemporaryFolder folder;
  const UniqueFd file(::open((folder / "f").c_str(), O_RDWR | O_CREAT, 0600));
  const std::uint64_t before = operations_begun();
  EXPECT_TRUE(current_positions().empty());
  {
    const InOperation here("write", 1234, file.get());
    const auto positions = current_positions();
    ASSERT_EQ(positions.size(), 1U);
    EXPECT_EQ(positions[0].operation, "write");
    EXPECT_EQ(positions[0].bytes, 1234U);
    EXPECT_EQ(positions[0].path, folder / "f");
    std::thread([] {
      const InOperation there(Blocking::kCollective, "barrier", 0);
      EXPECT_EQ(current_positions().size(), 2U);
    }).join();
    EXPECT_EQ(current_positions().size(), 1U);
  }
  EXPECT_TRUE(current_positions().empty());
  EXPECT_EQ(operations_begun(), before + 2);
}

TEST(Watchdog, EndsTheJobAtACallOnAFileThatLasts) {
  const TemporaryFolder folder;
  SlowSync slow;
  const ScopedFileOperations scope(slow);
  const UniqueFd file(::open((folder / "f").c_str(), O_RDWR | O_CREAT, 0600));
  testing::internal::CaptureStderr();
  {
    Watched watched;
    watched.watchdog.set({.collective = 0, .file = 0.1});
    std::thread syncing([&] { file_operations().sync(file.get()); });
    EXPECT_TRUE(comes_true([&] { return watched.code == 6; }));
    slow.go_on = true;
    syncing.join();
  }
  const std::string message = testing::internal::GetCapturedStderr();
  EXPECT_NE(message.find("sync on '" + (folder / "f") + "' lasts longer than"), std::string::npos) << message;
  EXPECT_NE(message.find("deadlines.file"), std::string::npos) << message;
}

TEST(Watchdog, LeavesALongCallAloneWhereThereIsNoDeadline) {
  Watched watched;
  watched.watchdog.set({.collective = 0, .file = 0.1});
  const InOperation here(Blocking::kCollective, "all_reduce", 8);
  std::this_thread::sleep_for(Milliseconds(400));
  EXPECT_EQ(watched.code, 0);
}

// Rank 1 of two, as far as its file tells: it begins an operation whenever `moving`.
struct OtherRank {
  explicit OtherRank(const std::string& folder)
      : board(folder, 1, 2, 0.02, [this] {
          Json record = position_record(1);
          record["operation"] = "write";
          record["operations"] = moving ? ++operations : operations.load();
          return record;
        }) {}
  std::atomic<bool> moving{true};
  std::atomic<std::uint64_t> operations{0};
  PositionBoard board;
};

TEST(Watchdog, ACollectiveMayLastWhileAnotherRankGetsOn) {
  const TemporaryFolder folder;
  testing::internal::CaptureStderr();
  {
    OtherRank other(folder / "positions");
    Watched watched(0, 2);
    watched.watchdog.set({.collective = 2, .file = 0});
    watched.watchdog.share_positions(folder / "positions");
    const InOperation here(Blocking::kCollective, "all_reduce", 8);
    std::this_thread::sleep_for(Milliseconds(5000));
    EXPECT_EQ(watched.code, 0) << "ended although rank 1 gets on";
    other.moving = false;
    EXPECT_TRUE(comes_true([&] { return watched.code == 6; }));
  }
  const std::string message = testing::internal::GetCapturedStderr();
  EXPECT_NE(message.find("stage start: all_reduce of 8 B lasts longer than"), std::string::npos) << message;
  EXPECT_NE(message.find("deadlines.collective"), std::string::npos) << message;
  EXPECT_NE(message.find("\n  rank 1 on "), std::string::npos) << message;
}

TEST(PositionBoard, OneRankReportsAndNoFileIsLeft) {
  const TemporaryFolder folder;
  const std::string positions = folder / "positions";
  const auto nothing = [] { return position_record(0); };
  {
    PositionBoard first(positions, 0, 2, 0.02, nothing);
    PositionBoard second(positions, 1, 2, 0.02, nothing);
    first.watch_others();
    EXPECT_TRUE(comes_true([&] { return first.entries()[1].record.is_object(); }));
    EXPECT_FALSE(first.entries()[1].silent);
  }
  EXPECT_FALSE(path_exists(positions));
  PositionBoard first(positions, 0, 2, 0.02, nothing);
  PositionBoard second(positions, 1, 2, 0.02, nothing);
  EXPECT_TRUE(first.claim_report(5));
  EXPECT_FALSE(second.claim_report(5));
}

TEST(PositionBoard, ARankThatHasStoppedSpeakingIsSilent) {
  const TemporaryFolder folder;
  PositionBoard board(folder / "positions", 0, 2, 0.02, [] { return position_record(0); });
  board.watch_others();
  ASSERT_TRUE(comes_true([&] { return path_exists(folder / "positions/0"); }));
  publish_file(folder / "positions/1", position_record(1).dump());
  EXPECT_TRUE(comes_true([&] { return board.entries()[1].silent; }));
  EXPECT_FALSE(board.entries()[0].silent);
}

}  // namespace
}  // namespace millrace
