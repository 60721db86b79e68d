#include "config/secret.hpp"

#include <cstdlib>

#include "base/publish.hpp"
#include "config/support.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing::minimal_yaml;
using testing::refusal;

constexpr const char* kHidden = "hunter2";

std::string with_key(const std::string& value) {
  return "name: churn\ndata:\n  source: s3://b/k\n  target: { column: y }\n  s3:\n    secret_key: " + value +
         "\n";
}

TEST(Secret, IsFoundInAVariableAndNowhereElse) {
  ::setenv("MILLRACE_TEST_SECRET", kHidden, 1);
  const auto config = parse_config(with_key("${secret:env:MILLRACE_TEST_SECRET}"), "c");
  ASSERT_TRUE(config.data.s3.secret_key);
  EXPECT_EQ(config.data.s3.secret_key->reveal(), kHidden);
  EXPECT_EQ(config_to_yaml(config).find(kHidden), std::string::npos);
  EXPECT_EQ(config_to_json(config).dump().find(kHidden), std::string::npos);
  const auto again = parse_config(config_to_yaml(config), "c");
  EXPECT_EQ(again.data.s3.secret_key->reveal(), kHidden);
}

TEST(Secret, IsFoundInAFileBesideTheConfiguration) {
  const testing_support::TemporaryFolder folder;
  publish_file(folder / "key", std::string(kHidden) + "\r\n");
  const auto config = parse_config(with_key("${secret:file:key}"), folder / "c.yaml");
  EXPECT_EQ(config.data.s3.secret_key->reveal(), kHidden);
}

TEST(Secret, IsAskedForOnlyWhenItIsNeeded) {
  ::unsetenv("MILLRACE_TEST_NONE");
  const auto config = parse_config(with_key("${secret:env:MILLRACE_TEST_NONE}"), "c");
  try {
    (void)config.data.s3.secret_key->reveal();
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    EXPECT_NE(error.message().find("c:6:17: the environment variable MILLRACE_TEST_NONE is not set"),
              std::string::npos)
        << error.message();
  }
}

TEST(Secret, MayNotStandInTheFileAndIsNotShown) {
  for (const char* written : {"hunter2", "\"hunter2\"", "${env:MILLRACE_TEST_SECRET}", "[hunter2]",
                              "{ secret: hunter2 }", "{ secret: [hunter2] }", "{ hunter2: env:X }"}) {
    ::setenv("MILLRACE_TEST_SECRET", kHidden, 1);
    const std::string message = refusal(with_key(written));
    EXPECT_NE(message.find("data.s3.secret_key"), std::string::npos) << message;
    EXPECT_EQ(message.find(kHidden), std::string::npos) << message;
  }
}

TEST(Secret, IsForItsKeysAlone) {
  EXPECT_NE(refusal(minimal_yaml("workspace: ${secret:env:X}")).find("workspace takes no secret"),
            std::string::npos);
  EXPECT_NE(refusal(with_key("x${secret:env:X}")).find("write it alone"), std::string::npos);
}

}  // namespace
}  // namespace millrace
