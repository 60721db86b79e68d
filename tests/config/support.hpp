// Short configurations and the message with which a bad one is refused.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "config/config.hpp"

namespace millrace::testing {

// The shortest configuration, lines 1 to 4; `more` begins at line 5.
inline std::string minimal_yaml(const std::string& more = "") {
  return "name: churn\n"
         "data:\n"
         "  source: rows.csv\n"
         "  target: { column: Churn }\n" +
         more;
}

inline std::string refusal(const std::string& yaml, const std::vector<std::string>& overrides = {}) {
  try {
    parse_config(yaml, "churn.yaml", overrides);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage) << error.message();
    return error.message();
  }
  return "accepted";
}

}  // namespace millrace::testing
