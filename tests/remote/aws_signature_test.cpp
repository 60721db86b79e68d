// The examples of "Authenticating Requests: Using the Authorization Header", Amazon S3 API Reference.
#include "remote/aws_signature.hpp"

#include <gtest/gtest.h>

namespace millrace::remote {
namespace {

const AwsCredentials kCredentials{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""};
const AwsScope kScope{"20130524T000000Z", "us-east-1"};
constexpr const char* kHost = "examplebucket.s3.amazonaws.com";

std::string signature(const AwsRequest& request) {
  const std::string authorization = sign(request, kCredentials, kScope).back().second;
  return authorization.substr(authorization.find("Signature=") + 10);
}

TEST(AwsSignature, OfAnObject) {
  const AwsRequest request{.path = "/test.txt", .headers = {{"Host", kHost}, {"Range", "bytes=0-9"}}};
  const auto headers = sign(request, kCredentials, kScope);
  EXPECT_EQ(headers.back().first, "authorization");
  EXPECT_EQ(headers.back().second,
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(AwsSignature, OfAnUpload) {
  EXPECT_EQ(signature({.method = "PUT",
                       .path = "/test%24file.text",
                       .headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                                   {"Host", kHost},
                                   {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                       .payload = "Welcome to Amazon S3."}),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST(AwsSignature, OfAQuery) {
  EXPECT_EQ(signature({.path = "/", .query = {{"lifecycle", ""}}, .headers = {{"Host", kHost}}}),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  EXPECT_EQ(
      signature({.path = "/", .query = {{"prefix", "J"}, {"max-keys", "2"}}, .headers = {{"Host", kHost}}}),
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

// As botocore signs them.
TEST(AwsSignature, OfNamesFullOfWhatUrlsGiveAMeaning) {
  const std::string path = percent_encode("/churn/odd dir/ä +&=%25?#;'()!/day=1.csv", true);
  EXPECT_EQ(
      signature({.path = path,
                 .headers = {{"host", "127.0.0.1:9000"}, {"range", "bytes=8-15"}, {"if-match", "\"e\""}}}),
      "cdbd28de15a9cd82130c4242e31f9f7f9934a2b99bd76b668adb6f8d8415cdec");
  EXPECT_EQ(signature({.path = "/churn/",
                       .query = {{"list-type", "2"},
                                 {"encoding-type", "url"},
                                 {"prefix", "days/day=ä +"},
                                 {"continuation-token", "a+/="}},
                       .headers = {{"host", "127.0.0.1:9000"}}}),
            "bd66d29b6035f611735c940418af207ef07a8f32d2ba137c5aaa1753700dcb6d");
}

TEST(AwsSignature, SendsTheSessionTokenAndSignsIt) {
  const auto headers = sign({.path = "/", .headers = {{"host", "h"}}}, {"a", "s", "token"}, kScope);
  EXPECT_EQ(headers[2], (std::pair<std::string, std::string>{"x-amz-security-token", "token"}));
  EXPECT_NE(headers.back().second.find(";x-amz-security-token,"), std::string::npos);
  for (const auto& [name, value] : headers) EXPECT_NE(value, "s");
}

TEST(PercentEncode, KeepsWhatRfc3986LeavesUnreserved) {
  EXPECT_EQ(percent_encode("Az09-._~"), "Az09-._~");
  EXPECT_EQ(percent_encode("a b/ä+&=%"), "a%20b%2F%C3%A4%2B%26%3D%25");
  EXPECT_EQ(percent_encode("a b/c", true), "a%20b/c");
}

TEST(AwsTime, HasTheFormOfTheExamples) {
  const std::string time = aws_time();
  ASSERT_EQ(time.size(), std::string("20130524T000000Z").size());
  EXPECT_EQ(time[8], 'T');
  EXPECT_EQ(time.back(), 'Z');
  EXPECT_GT(time, "2024");
}

}  // namespace
}  // namespace millrace::remote
