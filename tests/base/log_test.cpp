#include "base/log.hpp"

#include <cerrno>
#include <regex>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/host.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

class FullDisk : public FileOperations {
 public:
  long write(int, const char*, std::size_t) override {
    errno = ENOSPC;
    return -1;
  }
};

class LogToFolder : public testing::Test {
 protected:
  LogToFolder() {
    set_up_logging(LogLevel::kWarning);
    forget_losses();
  }
  ~LogToFolder() override { log_to_folder(folder_ / "none", 1); }

  // The lines of rank-RANK.log, each checked for its form, as "LEVEL MESSAGE".
  std::vector<std::string> lines(int rank) {
    std::vector<std::string> found =
        split(read_file(fmt::format("{}/log/rank-{}.log", folder_.path(), rank)), '\n');
    EXPECT_EQ(found.back(), "");
    found.pop_back();
    const std::regex form(fmt::format(
        "\\d{{4}}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{{3}}Z (\\w+) rank {} {} (.*)", rank, host_name()));
    for (std::string& line : found) {
      std::smatch parts;
      EXPECT_TRUE(std::regex_match(line, parts, form)) << line;
      line = parts[1].str() + " " + parts[2].str();
    }
    return found;
  }

  testing_support::TemporaryFolder folder_;
};

// What `body` writes to stderr.
template <class Body>
std::string stderr_of(Body&& body) {
  testing::internal::CaptureStderr();
  body();
  return testing::internal::GetCapturedStderr();
}

TEST_F(LogToFolder, KeepsWhatTheTerminalLeavesOut) {
  log_to_folder(folder_ / "log", 0);
  const std::string shown = stderr_of([] {
    log_debug("a detail");
    log_info("news");
    log_warning("look: {}", 1);
  });
  EXPECT_EQ(shown, "warning: look: 1\n");
  EXPECT_EQ(lines(0), (std::vector<std::string>{"info news", "warning look: 1"}));
}

TEST_F(LogToFolder, GivesEveryLineOfAMessageItsOrigin) {
  log_to_folder(folder_ / "log", 0);
  log_info("first\nsecond {}", "%v");
  EXPECT_EQ(lines(0), (std::vector<std::string>{"info first", "info second %v"}));
}

TEST_F(LogToFolder, MakesNoFileForRanksThatHaveNothingToSay) {
  log_to_folder(folder_ / "log", 3);
  log_info("news");
  EXPECT_FALSE(path_exists(folder_ / "log"));
  stderr_of([] { log_warning("trouble"); });
  EXPECT_EQ(lines(3), std::vector<std::string>{"warning trouble"});
}

TEST_F(LogToFolder, EndsWhereTheNextRunBegins) {
  log_to_folder(folder_ / "log", 0);
  log_info("one");
  log_to_folder(folder_ / "other", 0);
  log_info("two");
  EXPECT_EQ(lines(0), std::vector<std::string>{"info one"});
}

TEST_F(LogToFolder, HasTheErrorThatEndsTheRun) {
  log_to_folder(folder_ / "log", 0);
  set_up_logging(LogLevel::kOff);
  EXPECT_EQ(stderr_of([] { log_failure(internal_error("it broke")); }),
            "millrace: error: it broke\nsee docs/errors.md#internal, or: millrace explain internal\n");
  EXPECT_EQ(lines(0),
            (std::vector<std::string>{"error it broke",
                                      "error see docs/errors.md#internal, or: millrace explain internal"}));
}

TEST_F(LogToFolder, GoesOnWithOneWarningWhereTheDiskIsFull) {
  log_to_folder(folder_ / "log", 0);
  FullDisk disk;
  const ScopedFileOperations full(disk);
  const std::string shown = stderr_of([] {
    log_info("news");
    log_info("more");
    log_warning("look");
  });
  EXPECT_EQ(shown.find("warning: cannot write '" + (folder_ / "log/rank-0.log")), 0U) << shown;
  EXPECT_NE(shown.find("the run goes on, but its log, events and report are not whole\nwarning: look\n"),
            std::string::npos)
      << shown;
  EXPECT_EQ(split(shown, '\n').size(), 3U) << shown;
}

TEST_F(LogToFolder, WhatElseIsLostIsNotSaidAgain) {
  log_to_folder(folder_ / "log", 0);
  const std::string shown = stderr_of([] {
    log_loss(errno_error("write", "events.jsonl", ENOSPC));
    log_loss(errno_error("write", "report.html", ENOSPC));
  });
  EXPECT_EQ(shown.find("warning: cannot write 'events.jsonl'"), 0U) << shown;
  EXPECT_EQ(split(shown, '\n').size(), 2U) << shown;
  log_to_folder(folder_ / "next", 0);
  EXPECT_EQ(stderr_of([] { log_loss(errno_error("write", "again", ENOSPC)); }), "");
  forget_losses();
  EXPECT_NE(stderr_of([] { log_loss(errno_error("write", "again", ENOSPC)); }), "");
}

TEST_F(LogToFolder, GoesOnWhereTheFolderCannotBeMade) {
  publish_file(folder_ / "log", "a file in the folder's place");
  log_to_folder(folder_ / "log", 0);
  EXPECT_NE(stderr_of([] { log_info("news"); }).find("the run goes on"), std::string::npos);
}

}  // namespace
}  // namespace millrace
