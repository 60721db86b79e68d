#include "net/client/bearer_token.hpp"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temporary_folder.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::expect_topic;
using testing_support::TemporaryFolder;

TEST(BearerToken, IsTheFirstOfTheFile) {
  const TemporaryFolder folder;
  std::ofstream(folder / "tokens") << "# the night's\n\n  0123456789abcdef \r\nfedcba9876543210\n";
  EXPECT_EQ(bearer_authorization(folder / "tokens"), "Bearer 0123456789abcdef");
  EXPECT_EQ(bearer_authorization(""), "");
}

TEST(BearerToken, TheEnvironmentNamesTheFile) {
  ::unsetenv("MILLRACE_TOKEN_FILE");
  EXPECT_EQ(token_file(), "");
  ::setenv("MILLRACE_TOKEN_FILE", "some/file", 1);
  EXPECT_EQ(token_file(), "some/file");
  ::unsetenv("MILLRACE_TOKEN_FILE");
}

// And no message shows what is in it.
TEST(BearerToken, FilesWithoutOneAreRefused) {
  const TemporaryFolder folder;
  for (const char* text : {"", "# none\n\n", "secret with blanks\n", "secret\x01\n", "secr\xc3\xa9t\n"}) {
    std::ofstream(folder / "tokens") << text;
    try {
      (void)bearer_authorization(folder / "tokens");
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      expect_topic(error, Topic::kAccessToken);
      EXPECT_EQ(error.message().find("secr"), std::string::npos) << error.message();
    }
  }
  EXPECT_THROW((void)bearer_authorization(folder / "nothing"), Error);
}

}  // namespace
}  // namespace millrace
