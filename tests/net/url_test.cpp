#include "net/url.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace millrace {
namespace {

TEST(Url, SplitsHostPortAndTarget) {
  const Url url = parse_url("http://localhost:8080/v2/models/churn/infer?x=1");
  EXPECT_EQ(url.host, "localhost");
  EXPECT_EQ(url.port, "8080");
  EXPECT_EQ(url.target, "/v2/models/churn/infer?x=1");
}

TEST(Url, HasDefaults) {
  const Url url = parse_url("http://host");
  EXPECT_EQ(url.port, "80");
  EXPECT_EQ(url.target, "/");
}

TEST(Url, KnowsTls) {
  EXPECT_FALSE(parse_url("http://host").tls);
  const Url url = parse_url("https://host/x");
  EXPECT_TRUE(url.tls);
  EXPECT_EQ(url.port, "443");
  EXPECT_EQ(url.target, "/x");
  EXPECT_EQ(parse_url("https://host:8443").port, "8443");
}

TEST(Url, TakesAddressesOfIpVersion6) {
  const Url url = parse_url("http://[::1]:90/x");
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.port, "90");
  EXPECT_EQ(host_and_port(url.host, url.port), "[::1]:90");
}

TEST(Url, RefusesWhatItIsNot) {
  for (const char* text :
       {"", "localhost:80", "ftp://host/", "https://", "http://", "http://:80/",
        "http://host:", "http://host:x/", "http://host:99999/", "http://[::1/", "http://h\r\nX: y/"}) {
    try {
      parse_url(text);
      ADD_FAILURE() << "accepted '" << text << "'";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kUsage) << text;
    }
  }
}

TEST(ShownAddress, HidesWhatMayBeSecret) {
  EXPECT_EQ(shown_address("https://user:word@host:1/a/b.csv?X-Signature=1#f"), "https://host:1/a/b.csv");
  EXPECT_EQ(shown_address("http://host?a@b"), "http://host");
  EXPECT_EQ(shown_address("https://host/a@b"), "https://host/a@b");
  EXPECT_EQ(shown_address("data/a?.csv"), "data/a?.csv");
}

}  // namespace
}  // namespace millrace
