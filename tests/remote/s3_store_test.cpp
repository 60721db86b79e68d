#include "remote/s3_store.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "remote/client_options.hpp"
#include "support/raw_server.hpp"
#include "support/topics.hpp"

namespace millrace::remote {
namespace {

using testing_support::answer;
using testing_support::expect_topic;
using testing_support::RawRequest;
using testing_support::RawServer;

class Store : public testing::Test {
 protected:
  Store() {
    for (const char* name :
         {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN"})
      ::unsetenv(name);
    ::setenv("AWS_ACCESS_KEY_ID", "who", 1);
    ::setenv("AWS_SECRET_ACCESS_KEY", "word", 1);
  }
  std::string url(const std::string& place) const {
    return S3Store(config_).address_of(parse_s3_place(place)).url;
  }
  std::string authorization() const {
    for (const auto& [name, value] : S3Store(config_).address_of({"b", "k"}).sign({})) {
      if (name == "authorization") return value;
    }
    return "";
  }
  template <class Body>
  static Error failure(Body&& body) {
    try {
      body();
    } catch (const Error& error) {
      return error;
    }
    return {ExitCode::kDone, "no error"};
  }

  S3Config config_;
};

TEST_F(Store, HasAmazonsAddressesByItself) {
  EXPECT_EQ(url("s3://b/a/k.csv"), "https://b.s3.us-east-1.amazonaws.com/a/k.csv");
  EXPECT_EQ(url("s3://b.c/k"), "https://s3.us-east-1.amazonaws.com/b.c/k");
  EXPECT_EQ(url("s3://b/a b+ä/../k?#"), "https://b.s3.us-east-1.amazonaws.com/a%20b%2B%C3%A4/../k%3F%23");
  ::setenv("AWS_DEFAULT_REGION", "eu-west-1", 1);
  EXPECT_EQ(url("s3://b/k"), "https://b.s3.eu-west-1.amazonaws.com/k");
  config_.region = "eu-north-1";
  config_.path_style = true;
  EXPECT_EQ(url("s3://b/k"), "https://s3.eu-north-1.amazonaws.com/b/k");
}

TEST_F(Store, HasThoseOfItsEndpoint) {
  ::setenv("AWS_ENDPOINT_URL", "http://store:9000", 1);
  EXPECT_EQ(url("s3://b/k"), "http://store:9000/b/k");
  config_.endpoint = "https://other/base/";
  EXPECT_EQ(url("s3://b/k"), "https://other/base/b/k");
  config_.path_style = false;
  EXPECT_EQ(url("s3://b/k"), "https://b.other/base/k");
  config_.endpoint = "other:9000";
  expect_topic(failure([&] { url("s3://b/k"); }), Topic::kWrongValue);
  EXPECT_EQ(failure([] { parse_s3_place("s3:///k"); }).code(), ExitCode::kUsage);
}

TEST_F(Store, SignsWithWhatTheConfigurationOrTheEnvironmentSays) {
  EXPECT_NE(authorization().find("Credential=who/"), std::string::npos);
  ::setenv("MILLRACE_TEST_KEY", "configured", 1);
  config_.access_key = Secret{"env:MILLRACE_TEST_KEY", {"c.yaml", 3, 4}};
  EXPECT_NE(authorization().find("Credential=configured/"), std::string::npos);
  EXPECT_EQ(authorization().find("word"), std::string::npos);
  config_.secret_key = Secret{"env:MILLRACE_TEST_NONE", {"c.yaml", 3, 4}};
  expect_topic(failure([&] { authorization(); }), Topic::kEnvironmentVariable);
  config_.anonymous = true;
  EXPECT_FALSE(S3Store(config_).address_of({"b", "k"}).sign);
}

TEST_F(Store, WantsCredentials) {
  ::unsetenv("AWS_SECRET_ACCESS_KEY");
  const Error error = failure([&] { url("s3://b/k"); });
  EXPECT_EQ(error.code(), ExitCode::kUsage);
  EXPECT_NE(error.message().find("AWS_SECRET_ACCESS_KEY"), std::string::npos);
}

TEST_F(Store, ListsAllPages) {
  const RawServer server([](const RawRequest& request) {
    const std::string target = request.target();
    EXPECT_NE(request.header("authorization").find("SignedHeaders=host;x-amz-content-sha256;x-amz-date"),
              std::string::npos);
    EXPECT_TRUE(target.starts_with("/b/?")) << target;
    EXPECT_NE(target.find("prefix=d%2Fx%20"), std::string::npos) << target;
    if (target.find("continuation-token=t%2B1") == std::string::npos) {
      return answer(
          200, "",
          "<R><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
          "<NextContinuationToken>t+1</NextContinuationToken>"
          "<Contents><Key>d/x%20b%2B%C3%A4</Key><Size>7</Size><ETag>&quot;e&quot;</ETag></Contents></R>");
    }
    return answer(200, "",
                  "<R><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>"
                  "<Contents><Key>d/x+a</Key><Size>0</Size><ETag>\"f\"</ETag></Contents></R>");
  });
  config_.endpoint = server.url("");
  HttpClient client(client_options({}));
  const auto objects = S3Store(config_).list(client, {"b", "d/x "}, "s3://b/d/x *");
  ASSERT_EQ(objects.size(), 2U);
  EXPECT_EQ(objects[0].key, "d/x a");
  EXPECT_EQ(objects[0].info.etag, "\"f\"");
  EXPECT_EQ(objects[1].key, "d/x b+ä");
  EXPECT_EQ(objects[1].info.bytes, 7U);
}

TEST_F(Store, BelievesNoDamagedList) {
  for (const char* xml :
       {"", "<html>", "<R><IsTruncated>true</IsTruncated></R>",
        "<R><IsTruncated>false</IsTruncated><Contents><Key>a</Key><Size>x</Size></Contents></R>",
        "<R><IsTruncated>false</IsTruncated><Contents><Key></Key><Size>1</Size></Contents></R>"}) {
    const RawServer server([&](const RawRequest&) { return answer(200, "", xml); });
    config_.endpoint = server.url("");
    HttpClient client(client_options({}));
    expect_topic(failure([&] {
                   (void)S3Store(config_).list(client, {"b", ""}, "s3://b");
                 }),
                 Topic::kUnreachableSource);
  }
}

}  // namespace
}  // namespace millrace::remote
