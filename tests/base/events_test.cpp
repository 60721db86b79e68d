#include "base/events.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/faults.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

TEST(Events, AreReadAsTheyWereEmitted) {
  const testing_support::TemporaryFolder folder;
  EXPECT_TRUE(read_events(folder / "events.jsonl").empty());
  Events events;
  events.listen(event_file(folder / "events.jsonl"));
  events.emit("a", {{"n", 1}});
  events.emit("b", {{"text", "two\nlines"}});
  const auto found = read_events(folder / "events.jsonl");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0]["event"], "a");
  EXPECT_EQ(found[0]["n"], 1);
  EXPECT_EQ(found[1]["text"], "two\nlines");
  EXPECT_LE(parse_rfc3339(found[0]["time"]), parse_rfc3339(found[1]["time"]));
}

TEST(Events, ATornLineIsPassedOver) {
  const testing_support::TemporaryFolder folder;
  const std::string whole = R"({"event":"a","time":"2026-11-24T03:26:01.123Z"})";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    std::ofstream(folder / "events.jsonl") << whole << '\n' << whole.substr(0, size);
    EXPECT_EQ(read_events(folder / "events.jsonl").size(), 1U) << size;
  }
}

TEST(Events, AFileThatCannotBeWrittenIsGivenUpWithOneWarning) {
  const testing_support::TemporaryFolder folder;
  set_up_logging(LogLevel::kWarning);
  forget_losses();  // of other tests
  Events events;
  events.listen(event_file(folder / "events.jsonl"));
  events.emit("a");
  FaultyOperations full(parse_fault_plan("write:1+:ENOSPC"), 0);
  const ScopedFileOperations scope(full);
  testing::internal::CaptureStderr();
  events.emit("b");
  events.emit("c");
  const std::string shown = testing::internal::GetCapturedStderr();
  const auto first = shown.find("No space left on device");
  ASSERT_NE(first, std::string::npos) << shown;
  EXPECT_NE(shown.find(folder / "events.jsonl"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("No space left on device", first + 1), std::string::npos) << shown;
  EXPECT_EQ(read_events(folder / "events.jsonl").size(), 1U);
}

TEST(Time, IsReadAsItIsWritten) {
  EXPECT_DOUBLE_EQ(parse_rfc3339("1970-01-01T00:00:00.000Z"), 0);
  EXPECT_DOUBLE_EQ(parse_rfc3339("2026-11-24T03:26:01.125Z"), 1795490761.125);
  EXPECT_DOUBLE_EQ(parse_rfc3339("2024-03-01T00:00:00Z") - parse_rfc3339("2024-02-28T23:59:59Z"), 86401);
  EXPECT_GT(parse_rfc3339(now_rfc3339()), 1.7e9);
  for (const char* text : {"", "2026", "2026-11-24", "2026-13-01T00:00:00Z", "2026-11-24T03:26:01", "x",
                           "2026-11-24T03:26:01Zx"}) {
    EXPECT_THROW(parse_rfc3339(text), Error) << text;
  }
}

}  // namespace
}  // namespace millrace
