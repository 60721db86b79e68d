// AWS Signature Version 4: which headers prove to S3 who asks. "Authenticating Requests (AWS Signature
// Version 4)", Amazon S3 API Reference; the published examples are its tests.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace millrace::remote {

struct AwsCredentials {
  std::string access_key;
  std::string secret_key;
  std::string session_token;  // "" where there is none
};

using NamedValues = std::vector<std::pair<std::string, std::string>>;

struct AwsRequest {
  std::string method = "GET";
  std::string path = {};     // as it is in the URL
  NamedValues query = {};    // not encoded
  NamedValues headers = {};  // all that are to be signed, with "host" among them
  std::string payload = {};  // the body
};

// Where and when: "20130524T000000Z", "us-east-1", "s3".
struct AwsScope {
  std::string time;
  std::string region;
  std::string service = "s3";
};

// RFC 3986: all but letters, digits and "-._~" (and "/", if it is to stay) is %XX.
std::string percent_encode(std::string_view text, bool keep_slash = false);
// "a=1&b=x%20y", sorted, as it is signed and sent.
std::string encode_query(const NamedValues& query);
// Now, as AwsScope::time.
std::string aws_time();

// The headers to send besides request.headers: x-amz-date, x-amz-content-sha256, the session token if there
// is one, and authorization.
NamedValues sign(const AwsRequest& request, const AwsCredentials& credentials, const AwsScope& scope);

}  // namespace millrace::remote
