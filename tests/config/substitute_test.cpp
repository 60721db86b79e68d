#include "config/substitute.hpp"

#include <cstdlib>

#include "config/support.hpp"

namespace millrace {
namespace {

using testing::minimal_yaml;
using testing::refusal;

TEST(Substitute, FillsInEnvironmentVariablesAnywhere) {
  ::setenv("MILLRACE_TEST_EPOCHS", "12", 1);
  ::setenv("MILLRACE_TEST_EMPTY", "", 1);
  ::unsetenv("MILLRACE_TEST_NONE");
  const auto config =
      parse_config(minimal_yaml("training:\n"
                                "  epochs: ${env:MILLRACE_TEST_EPOCHS}\n"
                                "  seed: \"1${env:MILLRACE_TEST_EPOCHS}\"\n"
                                "workspace: /a${env:MILLRACE_TEST_EMPTY}/${env:MILLRACE_TEST_NONE:-x:-y}\n"),
                   "c");
  EXPECT_EQ(config.training.epochs, 12U);
  EXPECT_EQ(config.training.seed, 112U);
  EXPECT_EQ(config.workspace, "/a/x:-y");
}

TEST(Substitute, RefusesWhatItCannotFillIn) {
  ::unsetenv("MILLRACE_TEST_NONE");
  const auto message = [](const std::string& value) { return refusal(minimal_yaml("workspace: " + value)); };
  EXPECT_NE(message("${env:MILLRACE_TEST_NONE}")
                .find("churn.yaml:5:12: the environment variable MILLRACE_TEST_NONE is not set"),
            std::string::npos);
  EXPECT_NE(message("${secret:env:TOKEN}").find("churn.yaml:5:12: workspace takes no secret"),
            std::string::npos);
  EXPECT_NE(message("a${secret:file:/x}").find("which cannot be a part of a text"), std::string::npos);
  EXPECT_NE(message("${HOME}").find("write ${env:NAME}"), std::string::npos);
  EXPECT_NE(message("${env:}").find("names no environment variable"), std::string::npos);
  EXPECT_NE(message("${env:A").find("closing brace"), std::string::npos);
}

// So there are no cycles.
TEST(Substitute, WhatAVariableHoldsIsTakenAsItIs) {
  ::setenv("MILLRACE_TEST_ONE", "/${env:MILLRACE_TEST_TWO}", 1);
  ::setenv("MILLRACE_TEST_TWO", "${env:MILLRACE_TEST_ONE}${secret:env:X}$${", 1);
  const auto config =
      parse_config(minimal_yaml("workspace: ${env:MILLRACE_TEST_ONE}${env:MILLRACE_TEST_TWO}\n"), "c");
  EXPECT_EQ(config.workspace, "/${env:MILLRACE_TEST_TWO}${env:MILLRACE_TEST_ONE}${secret:env:X}$${");
  EXPECT_EQ(parse_config(config_to_yaml(config), "c").workspace, config.workspace);
  // A default ends at the first brace: none holds a reference either.
  ::unsetenv("MILLRACE_TEST_NONE");
  EXPECT_EQ(parse_config(minimal_yaml("workspace: /${env:MILLRACE_TEST_NONE:-${env:HOME}}\n"), "c").workspace,
            "/${env:HOME}");
}

TEST(Substitute, EscapingUndoesItself) {
  for (const char* text : {"", "$", "${", "$${", "a${b}$$${env:X}$", "{}"}) {
    bool substituted = false;
    EXPECT_EQ(substitute_environment(escape_substitutions(text), {}, substituted), text);
    EXPECT_FALSE(substituted);
  }
}

}  // namespace
}  // namespace millrace
