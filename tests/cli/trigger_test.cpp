// Events that call for a retraining, through the real executable.
#include <filesystem>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/workbench.hpp"
#include "support/tables.hpp"

namespace millrace {
namespace {

using namespace testing_support;

class Trigger : public testing::Test {
 protected:
  Trigger() {
    bench_.write("pipeline.yaml", Workbench::configuration(
                                      "monitoring:\n  retrain: { action: run, cooldown: 0, max_per_day: 99, "
                                      "command: [sh, -c, 'echo $0 >>begun'] }\n"));
  }
  [[nodiscard]] ProcessResult trigger(const std::string& event) const {
    bench_.write("event.json", event);
    const std::string command = join(bench_.millrace_command({"trigger", "pipeline.yaml"}), " ");
    return run_process({"sh", "-c", command + " <event.json"}, bench_.folder());
  }
  [[nodiscard]] std::size_t begun() const {
    if (!std::filesystem::exists(bench_.path("begun"))) return 0;
    const std::string text = read_file(bench_.path("begun"));
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
  [[nodiscard]] Json first_entry() const {
    return read_json_file(bench_.path("workspace/monitoring/test/000000001.json"));
  }
  static std::string notification(const std::string& tag, const std::string& time) {
    return fmt::format(R"({{"Records": [{{"eventTime": "{}", "s3": {{"bucket": {{"name": "lake"}},
                            "object": {{"key": "day%3D2/a.csv", "eTag": "{}", "sequencer": "{}"}}}}}}]}})",
                       time, tag, time);
  }

  Workbench bench_;
};

TEST_F(Trigger, AnEventBeginsOneRetraining) {
  EXPECT_EQ(trigger(R"({"id": "upload-17", "reason": "new dump"})").exit_code, 0);
  EXPECT_EQ(begun(), 1U);
  const auto again = trigger(R"({"reason": "another word", "id": "upload-17"})");
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_TRUE(contains(again.out, "event 'upload-17' has begun one already")) << again.out << again.err;
  EXPECT_EQ(begun(), 1U);
}

TEST_F(Trigger, WithoutAnIdItsContentCounts) {
  EXPECT_EQ(trigger(R"({"reason": "new dump", "day": 3})").exit_code, 0);
  EXPECT_EQ(trigger(R"({"day": 3, "reason": "new dump"})").exit_code, 0);
  EXPECT_EQ(begun(), 1U);
  EXPECT_EQ(trigger(R"({"day": 4, "reason": "new dump"})").exit_code, 0);
  EXPECT_EQ(begun(), 2U);
}

TEST_F(Trigger, ItsSourceIsToldAndKept) {
  const auto result = trigger(R"({"reason": "new dump", "source": ["s3://lake/day=2/a.csv", "b.csv"]})");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(first_entry().at("reason"), "new dump (2 files: day=2/a.csv, b.csv)");
  EXPECT_EQ(first_entry().at("details").at("source")[1], "b.csv");
}

TEST_F(Trigger, AnObjectStoreMayTellTwice) {
  EXPECT_EQ(trigger(notification("aa", "2026-11-26T10:00:00Z")).exit_code, 0);
  EXPECT_EQ(trigger(notification("aa", "2026-11-26T10:05:00Z")).exit_code, 0);
  EXPECT_EQ(begun(), 1U);
  EXPECT_EQ(first_entry().at("id"), "lake/day%3D2/a.csv/aa");
  EXPECT_EQ(trigger(notification("bb", "2026-11-26T10:05:00Z")).exit_code, 0);
  EXPECT_EQ(begun(), 2U);
}

TEST_F(Trigger, WhatCannotBeUnderstoodBeginsNothing) {
  for (const auto& [event, said] :
       {std::pair{R"(["upload"])", "the event is no JSON object"},
        std::pair{R"({"id": 7})", "'id' is no text"},
        std::pair{R"({"source": {"a": 1}})", "'source' is neither a text nor a list of texts"},
        std::pair{R"({"Records": [{"s3": {"bucket": {}}}]})", "names no object"}}) {
    const auto result = trigger(event);
    EXPECT_EQ(result.exit_code, 2) << event;
    EXPECT_TRUE(contains(result.err, said)) << event << result.err;
  }
  EXPECT_EQ(begun(), 0U);
}

}  // namespace
}  // namespace millrace
