#include "net/client/server_address.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/topics.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

void expect_address(const std::string& text, const std::string& url, const std::string& socket = "") {
  const ServerAddress address = parse_server_address(text);
  EXPECT_EQ(address.url, url) << text;
  EXPECT_EQ(address.socket, socket) << text;
}

TEST(ServerAddressOf, HasASchemeOrIsASocket) {
  expect_address("node1:8080", "http://node1:8080");
  expect_address("node1", "http://node1:80");
  expect_address("http://[::1]:8080", "http://[::1]:8080");
  expect_address("https://node1:8443/", "https://node1:8443");
  expect_address("https://node1", "https://node1:443");
  expect_address("unix:run/server", "http://localhost", "run/server");
}

TEST(ServerAddressOf, OtherTextsAreRefused) {
  for (const char* text : {"", "unix:", "node1:port", "ftp://node1:21", "https://node1:8443/v2", "node 1"}) {
    try {
      (void)parse_server_address(text);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      testing_support::expect_topic(error, Topic::kCommandLine);
    }
  }
}

}  // namespace
}  // namespace millrace
