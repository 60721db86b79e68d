#include "registry/names.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace millrace {
namespace {

void expect_usage_error(void (*check)(const std::string&), const std::string& name) {
  try {
    check(name);
    ADD_FAILURE() << "'" << name << "' was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
  }
}

TEST(Names, Models) {
  for (const char* name : {"churn", "c", "Telco-Churn_2.1", "7"}) EXPECT_NO_THROW(check_model_name(name));
  EXPECT_NO_THROW(check_model_name(std::string(255, 'x')));
  for (const char* name : {"", "a/b", "a@b", "a:b", "a b", "..", ".a", "-a", "ünï", "a\n"}) {
    expect_usage_error(check_model_name, name);
  }
  expect_usage_error(check_model_name, std::string(256, 'x'));
}

TEST(Names, Aliases) {
  for (const char* name : {"champion", "_", "-x", "v", "v7b", "7", "latest2", "late"}) {
    EXPECT_NO_THROW(check_alias(name)) << name;
  }
  for (const char* name : {"", "a.b", "a b", "a@b", "latest", "Latest", "v7", "V12"}) {
    expect_usage_error(check_alias, name);
  }
}

}  // namespace
}  // namespace millrace
