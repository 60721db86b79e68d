// Hooks of the registry through the executable: a run's register stage and the registry's actions.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/events.hpp"
#include "base/file.hpp"
#include "cli/workbench.hpp"

namespace millrace {
namespace {

using testing_support::ProcessResult;
using testing_support::Workbench;

class HooksOfTheWorkspace : public testing::Test {
 protected:
  void SetUp() override {
    bench_.make_data(2, 200);
    make_folder(bench_.path("workspace"));
  }
  void set_hooks(const std::string& yaml) { bench_.write("workspace/hooks.yaml", yaml); }
  [[nodiscard]] std::size_t entries() const { return list_folder(bench_.path("workspace/registry")).size(); }

  Workbench bench_;
};

TEST_F(HooksOfTheWorkspace, ARunAsksOnceHoweverManyRanksThereAre) {
  set_hooks(
      "before: { register: [{ command: [sh, -c, 'echo asked >>asked; echo no owner >&2; exit 1'] }] }\n");
  const ProcessResult refused = bench_.millrace({"run", "pipeline.yaml", "--quiet"}, 2);
  EXPECT_EQ(refused.exit_code, static_cast<int>(ExitCode::kGateNotPassed)) << refused.err;
  EXPECT_NE(refused.err.find("ended with code 1: 'no owner'"), std::string::npos) << refused.err;
  EXPECT_EQ(bench_.latest_run()["status"], "failed");
  EXPECT_EQ(read_file(bench_.path("asked")), "asked\n");
  EXPECT_EQ(entries(), 0U);

  set_hooks("after: { register: [{ command: [sh, -c, 'echo too late >&2; exit 1'] }] }\n");
  const ProcessResult done = bench_.millrace({"run", "pipeline.yaml", "--quiet"}, 2);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_NE(done.err.find("too late"), std::string::npos) << done.err;
  std::size_t warnings = 0;
  for (const Json& event : read_events(bench_.path("workspace/runs/latest/events.jsonl")))
    warnings += event["event"] == "hook.warning" ? 1U : 0U;
  EXPECT_EQ(warnings, 1U);
}

TEST_F(HooksOfTheWorkspace, AMistakeIsFoundBeforeTheRunBegins) {
  set_hooks("before: { registr: [] }\n");
  const ProcessResult refused = bench_.millrace({"run", "pipeline.yaml", "--quiet"}, 2);
  EXPECT_EQ(refused.exit_code, static_cast<int>(ExitCode::kUsage)) << refused.err;
  EXPECT_NE(refused.err.find("hooks.yaml:1:11"), std::string::npos) << refused.err;
  EXPECT_FALSE(path_exists(bench_.path("workspace/runs/latest")));
}

TEST_F(HooksOfTheWorkspace, APromotionThatAHookRefusesIsNone) {
  ASSERT_EQ(bench_.millrace({"run", "pipeline.yaml", "--quiet"}).exit_code, 0);
  const std::size_t before = entries();
  const std::vector<std::string> promotion{"registry", "promote", "test/1", "--stage", "Production"};
  set_hooks("before: { promote: [{ command: [no-such-program] }] }\n");
  const ProcessResult refused = bench_.millrace(promotion);
  EXPECT_EQ(refused.exit_code, static_cast<int>(ExitCode::kGateNotPassed)) << refused.err;
  EXPECT_EQ(entries(), before);
  set_hooks("before: { promote: [{ command: [grep, '\"to\": \"Production\"'] }] }\n");
  EXPECT_EQ(bench_.millrace(promotion).exit_code, 0);
  EXPECT_EQ(entries(), before + 1);
}

}  // namespace
}  // namespace millrace
