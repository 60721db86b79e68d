#include "base/rotating_log.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <set>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "support/temporary_folder.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::TemporaryFolder;

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines = split(read_file(path), '\n');
  EXPECT_EQ(lines.back(), "") << path << " ends within a line";
  lines.pop_back();
  return lines;
}

// Writes as many bytes as the disk has room for.
class SmallDisk : public FileOperations {
 public:
  std::atomic<long> room = 0;
  long write(int fd, const char* data, std::size_t size) override {
    if (room == 0) return fail();
    const long part = std::min(static_cast<long>(size), room.load());
    room -= part;
    return FileOperations::write(fd, data, static_cast<std::size_t>(part));
  }

 private:
  static long fail() {
    errno = ENOSPC;
    return -1;
  }
};

TEST(RotatingLog, WritesLinesInTheirOrder) {
  const TemporaryFolder folder;
  RotatingLog log({.path = folder / "deep/er/log"});
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(log.add(std::to_string(i)));
  log.flush();
  const auto lines = lines_of(folder / "deep/er/log");
  ASSERT_EQ(lines.size(), 1000U);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(lines[i], std::to_string(i));
  EXPECT_EQ(log.written(), 1000U);
}

TEST(RotatingLog, TheEndWritesWhatWaits) {
  const TemporaryFolder folder;
  { RotatingLog({.path = folder / "log"}).add("last"); }
  EXPECT_EQ(read_file(folder / "log"), "last\n");
}

TEST(RotatingLog, EachLineOfManyThreadsIsWrittenOrCounted) {
  const TemporaryFolder folder;
  RotatingLog log({.path = folder / "log", .queue_bytes = 2000});
  std::atomic<std::uint64_t> taken = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5000; ++i) taken += log.add(std::to_string(t) + "-" + std::to_string(i)) ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  log.flush();
  const auto lines = lines_of(folder / "log");
  EXPECT_EQ(lines.size(), taken);
  EXPECT_EQ(std::set<std::string>(lines.begin(), lines.end()).size(), taken);
  EXPECT_EQ(log.written(), taken);
  EXPECT_EQ(log.written() + log.dropped(), 20000U);
}

TEST(RotatingLog, WhatDoesNotFitTheQueueIsDropped) {
  const TemporaryFolder folder;
  RotatingLog log({.path = folder / "log", .queue_bytes = 100});
  EXPECT_FALSE(log.add(std::string(100, 'x')));
  EXPECT_TRUE(log.add("short"));
  log.flush();
  EXPECT_EQ(log.dropped(), 1U);
  EXPECT_EQ(read_file(folder / "log"), "short\n");
}

TEST(RotatingLog, FilesKeepTheirSizeAndTheNewestAreKept) {
  const TemporaryFolder folder;
  for (const bool at_once : {true, false}) {
    const std::string path = folder / (at_once ? "at-once" : "one-by-one");
    RotatingLog log({.path = path, .file_bytes = 50, .files = 2});
    for (int i = 100; i < 160; ++i) {
      log.add("line " + std::to_string(i));  // 9 bytes with its end: 5 to a file
      if (!at_once) log.flush();
    }
    log.flush();
    EXPECT_EQ(lines_of(path).back(), "line 159");
    EXPECT_EQ(lines_of(path).front(), "line 155");
    EXPECT_EQ(lines_of(path + ".1").front(), "line 150");
    EXPECT_EQ(lines_of(path + ".2").front(), "line 145");
    EXPECT_FALSE(path_exists(path + ".3"));
  }
}

TEST(RotatingLog, ALongLineHasAFileOfItsOwn) {
  const TemporaryFolder folder;
  RotatingLog log({.path = folder / "log", .file_bytes = 10, .files = 3});
  for (const std::string& line : {std::string("a"), std::string(50, 'b'), std::string("c")}) log.add(line);
  log.flush();
  EXPECT_EQ(read_file(folder / "log.2"), "a\n");
  EXPECT_EQ(read_file(folder / "log.1"), std::string(50, 'b') + "\n");
  EXPECT_EQ(read_file(folder / "log"), "c\n");
}

TEST(RotatingLog, NoOlderFilesMayBeKept) {
  const TemporaryFolder folder;
  RotatingLog log({.path = folder / "log", .file_bytes = 4, .files = 0});
  for (const char* line : {"one", "two"}) log.add(line);
  log.flush();
  EXPECT_EQ(list_folder(folder.path()), std::vector<std::string>{"log"});
  EXPECT_EQ(read_file(folder / "log"), "two\n");
}

TEST(RotatingLog, ARestartGoesOnInTheCurrentFile) {
  const TemporaryFolder folder;
  const RotatingLogOptions options{.path = folder / "log", .file_bytes = 14, .files = 1};
  { RotatingLog(options).add("first"); }
  { RotatingLog(options).add("second"); }
  { RotatingLog(options).add("third"); }
  EXPECT_EQ(read_file(folder / "log.1"), "first\nsecond\n");
  EXPECT_EQ(read_file(folder / "log"), "third\n");
}

TEST(RotatingLog, HalfALineOfACrashStaysAlone) {
  const TemporaryFolder folder;
  write_all(UniqueFd(file_operations().open((folder / "log").c_str(), O_WRONLY | O_CREAT, 0600)).get(),
            "whole\nhal", "log");
  { RotatingLog({.path = folder / "log"}).add("next"); }
  EXPECT_EQ(read_file(folder / "log"), "whole\nhal\nnext\n");
}

// Room for k bytes, then none, then enough: what is there is whole lines, and what is not is counted.
TEST(RotatingLog, AFullDiskCostsLinesAndNoHalfOnes) {
  for (long room = 0; room < 24; ++room) {
    const TemporaryFolder folder;
    SmallDisk disk;
    disk.room = room;
    const ScopedFileOperations scope(disk);
    RotatingLog log({.path = folder / "log"});
    for (const char* line : {"first", "second", "third"}) {
      log.add(line);
      log.flush();
    }
    disk.room = 1000;
    log.add("fourth");
    log.flush();
    const auto lines = lines_of(folder / "log");
    EXPECT_EQ(lines.back(), "fourth");
    EXPECT_EQ(log.written(), lines.size());
    EXPECT_EQ(log.written() + log.dropped(), 4U);
    for (const std::string& line : lines)
      EXPECT_TRUE(std::set<std::string>({"first", "second", "third", "fourth"}).contains(line)) << line;
  }
}

TEST(RotatingLog, SaysWhyItCannotBegin) {
  const TemporaryFolder folder;
  try {
    const RotatingLog log({.path = folder.path()});
    ADD_FAILURE() << "opened a folder";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kResource);
    EXPECT_NE(error.message().find(folder.path()), std::string::npos) << error.message();
  }
  for (const RotatingLogOptions& options : {RotatingLogOptions{.path = folder / "log", .file_bytes = 0},
                                            RotatingLogOptions{.path = folder / "log", .files = 100000}}) {
    try {
      const RotatingLog log(options);
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      testing_support::expect_topic(error, Topic::kCommandLine);
    }
  }
}

}  // namespace
}  // namespace millrace
