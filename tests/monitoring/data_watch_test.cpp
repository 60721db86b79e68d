// What of a source is complete and new, look by look.
#include "monitoring/data_watch.hpp"

#include <cerrno>
#include <fstream>

#include <fcntl.h>

#include "base/file.hpp"
#include "monitoring/watch_fixture.hpp"

namespace millrace {
namespace {

namespace fs = std::filesystem;
using testing_support::contains;
using testing_support::error_of;

class DataWatchTest : public testing_support::WatchTest {
 protected:
  void append(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::app) << text;
  }
  // Last written so many seconds after `other`.
  void date(const std::string& name, const std::string& other, int seconds) const {
    fs::last_write_time(folder_ / name, fs::last_write_time(folder_ / other) + std::chrono::seconds(seconds));
  }
  [[nodiscard]] std::string state() const { return folder_ / "workspace/monitoring/churn/watch/state.json"; }
};

TEST_F(DataWatchTest, AFileCountsOnceItHasStoodStill) {
  write("data/a.csv", "x\n1\n");
  EXPECT_EQ(seen_after(0), "; a.csv");
  EXPECT_EQ(seen_after(200), "; a.csv");
  EXPECT_EQ(seen_after(99), "; a.csv");
  EXPECT_EQ(seen_after(1), "a.csv ;");
  EXPECT_EQ(after(60).contents[0].digest, digest_of("x\n1\n").hex());
  EXPECT_EQ(after(60).contents[0].bytes, 4U);
}

TEST_F(DataWatchTest, AFileThatGrowsDoesNotCountHoweverLong) {
  write("data/a.csv", "x\n");
  EXPECT_EQ(seen_after(0), "; a.csv");
  for (int look = 0; look < 5; ++look) {
    append("data/a.csv", "1\n");
    EXPECT_EQ(seen_after(1000), "; a.csv");
  }
  EXPECT_EQ(seen_after(299), "; a.csv");
  EXPECT_EQ(seen_after(1), "a.csv ;");
}

// A writer that pauses for longer than that is taken at its word, and then again with what it adds.
TEST_F(DataWatchTest, WhatChangesAfterwardsIsNewAgain) {
  write("data/a.csv", "x\n1\n");
  (void)after(0);
  watch_->take({after(300).contents[0].digest});
  EXPECT_EQ(seen_after(60), ";");
  append("data/a.csv", "2\n");
  EXPECT_EQ(seen_after(60), "; a.csv");
  EXPECT_EQ(seen_after(300), "a.csv ;");
}

TEST_F(DataWatchTest, FilesWithTheSameBytesAreOneContent) {
  write("data/a.csv", "x\n1\n");
  write("data/b.csv", "x\n1\n");
  (void)after(0);
  EXPECT_EQ(seen_after(300), "a.csv ;");
  watch_->take({digest_of("x\n1\n").hex()});
  EXPECT_EQ(seen_after(60), ";");
}

TEST_F(DataWatchTest, FilesOfNoBytesAreNothing) {
  write("data/a.csv", "");
  EXPECT_EQ(seen_after(0), ";");
  EXPECT_EQ(seen_after(300), ";");
}

TEST_F(DataWatchTest, AMarkerCompletesItsFolderAtOnce) {
  config_.monitoring.watch.marker = "_SUCCESS";
  write("data/day=1/a.csv", "x\n1\n");
  write("data/day=2/b.csv", "x\n2\n");
  EXPECT_EQ(seen_after(0), "; a.csv b.csv");
  EXPECT_EQ(seen_after(10000), "; a.csv b.csv");
  write("data/day=2/_SUCCESS", "");
  EXPECT_EQ(seen_after(1), "b.csv ; a.csv");
}

TEST_F(DataWatchTest, AMarkerWithADotCompletesItsFile) {
  config_.monitoring.watch.marker = ".done";
  write("data/a.csv", "x\n1\n");
  write("data/b.csv", "x\n2\n");
  write("data/a.csv.done", "");
  EXPECT_EQ(seen_after(0), "a.csv ; b.csv");
}

TEST_F(DataWatchTest, AMarkerThatIsOlderThanTheFileSaysNothing) {
  config_.monitoring.watch.marker = "_SUCCESS";
  write("data/a.csv", "x\n1\n");
  write("data/_SUCCESS", "");
  date("data/_SUCCESS", "data/a.csv", -1);
  EXPECT_EQ(seen_after(0), "; a.csv");
  date("data/_SUCCESS", "data/a.csv", 0);
  EXPECT_EQ(seen_after(0), "a.csv ;");
}

class CountedReads : public FileOperations {
 public:
  long read_at(int fd, char* data, std::size_t size, std::uint64_t offset) override {
    ++count;
    return FileOperations::read_at(fd, data, size, offset);
  }
  int count = 0;
};

TEST_F(DataWatchTest, WhatStandsStillIsReadOnce) {
  write("data/a.csv", "x\n1\n");
  (void)after(0);
  (void)after(300);
  restart();
  CountedReads reads;
  const ScopedFileOperations counted(reads);
  EXPECT_EQ(seen_after(60), "a.csv ;");
  EXPECT_EQ(reads.count, 0);
  fs::last_write_time(folder_ / "data/a.csv", fs::file_time_type::clock::now() - std::chrono::hours(1));
  (void)after(60);
  (void)after(300);
  EXPECT_GT(reads.count, 0);
}

TEST_F(DataWatchTest, WhoBeginsAgainGoesOn) {
  write("data/a.csv", "x\n1\n");
  (void)after(0);
  restart();
  EXPECT_EQ(seen_after(200), "; a.csv");
  restart();
  EXPECT_EQ(seen_after(100), "a.csv ;");
  watch_->take({digest_of("x\n1\n").hex()});
  restart();
  EXPECT_EQ(seen_after(60), ";");
}

TEST_F(DataWatchTest, WithATornStateFilesSettleOnceMore) {
  write("data/a.csv", "x\n1\n");
  (void)after(0);
  (void)after(300);
  const std::string whole = read_file(state());
  for (const std::string& torn : {whole.substr(0, whole.size() / 2), std::string(), std::string("{}"),
                                  std::string(R"({"format":99,"time":{},"files":{}})")}) {
    watch_.reset();
    publish_file(state(), torn);
    EXPECT_EQ(seen_after(60), "; a.csv") << torn;
    EXPECT_EQ(seen_after(300), "a.csv ;") << torn;
  }
}

// Settling is told by a clock that nobody sets, and by the wall clock only where there is no other.
TEST_F(DataWatchTest, AWallClockThatJumpsSettlesNothing) {
  write("data/a.csv", "x\n1\n");
  (void)after(0);
  now_.wall += 1e6;
  EXPECT_EQ(seen_after(100), "; a.csv");
  now_.wall -= 2e6;
  EXPECT_EQ(seen_after(199), "; a.csv");
  EXPECT_EQ(seen_after(1), "a.csv ;");
}

TEST_F(DataWatchTest, BehindARestartOfTheMachineTheWallClockCounts) {
  write("data/a.csv", "x\n1\n");
  (void)after(0);
  now_ = {"another boot", 5, now_.wall - 1e6};
  EXPECT_EQ(seen_after(0), "; a.csv");
  now_ = {"a third boot", 7, now_.wall};
  EXPECT_EQ(seen_after(300), "a.csv ;");
}

TEST_F(DataWatchTest, AFolderThatWasGoneIsAsItWas) {
  write("data/a.csv", "x\n1\n");
  (void)after(0);
  (void)after(300);
  write("data/b.csv", "x\n2\n");
  (void)after(0);
  fs::rename(folder_ / "data", folder_ / "away");
  const std::string error = error_of([&] { (void)after(200); });
  EXPECT_TRUE(contains(error, "6: c.yaml:3:9: data.source: there is no file")) << error;
  fs::rename(folder_ / "away", folder_ / "data");
  EXPECT_EQ(seen_after(100), "a.csv b.csv ;");
}

TEST_F(DataWatchTest, PartitionsThatAreLeftOutAreNotWatched) {
  config_.data.partitions = SourceText{"day > 1", {}};
  write("data/day=1/a.csv", "x\n1\n");
  write("data/day=2/b.csv", "x\n2\n");
  EXPECT_EQ(seen_after(0), "; b.csv");
  EXPECT_EQ(seen_after(300), "b.csv ;");
}

TEST_F(DataWatchTest, ASecondWatcherIsToldOfTheFirst) {
  restart();
  const std::string error = error_of([&] { const DataWatch second(config_); });
  EXPECT_TRUE(contains(error, "6: process ")) << error;
  EXPECT_TRUE(contains(error, "watches already")) << error;
  watch_.reset();
  EXPECT_EQ(error_of([&] { const DataWatch second(config_); }), "");
}

TEST_F(DataWatchTest, StandardInputCannotBeWatched) {
  config_.data.source = {{"-", {"c.yaml", 3, 9}}};
  EXPECT_EQ(error_of([&] { restart(); }),
            "2: c.yaml:3:9: data.source is standard input, which cannot be watched");
}

// From the k-th operation on, nothing that is written lasts: as when the process is gone.
class Gone : public FileOperations {
 public:
  explicit Gone(int after) : left_(after) {}
  int open(const char* path, int flags, unsigned mode) override {
    return (flags & (O_WRONLY | O_RDWR)) != 0 && spent() ? fail() : FileOperations::open(path, flags, mode);
  }
  int sync(int fd) override { return spent() ? fail() : FileOperations::sync(fd); }
  int rename(const char* from, const char* to) override {
    return spent() ? fail() : FileOperations::rename(from, to);
  }
  [[nodiscard]] bool was_reached() const { return left_ < 0; }

 private:
  bool spent() { return --left_ < 0; }
  static int fail() {
    errno = EIO;
    return -1;
  }
  int left_;
};

TEST_F(DataWatchTest, WhoeverIsGoneAtAnyStepMissesNothing) {
  bool was_reached = true;
  for (int step = 0; was_reached; ++step) {
    fs::remove_all(config_.workspace);
    write("data/a.csv", "x\n1\n");
    restart();
    {
      Gone gone(step);
      const ScopedFileOperations operations(gone);
      (void)error_of([&] {
        (void)after(0);
        (void)after(300);
      });
      was_reached = gone.was_reached();
    }
    restart();
    (void)after(0);
    EXPECT_EQ(seen_after(300), "a.csv ;") << "gone at step " << step;
    ASSERT_LT(step, 100);
  }
}

}  // namespace
}  // namespace millrace
