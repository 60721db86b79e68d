// Objects of a store that speaks S3: their addresses, their signatures, their lists.
#pragma once

#include <string>
#include <vector>

#include "config/pipeline_config.hpp"
#include "remote/aws_signature.hpp"
#include "remote/remote_object.hpp"

namespace millrace::remote {

// "s3://bucket/key"
struct S3Place {
  std::string bucket;
  std::string key;  // may be empty, or a prefix

  [[nodiscard]] std::string str() const { return "s3://" + bucket + "/" + key; }
};
// Throws kUsage where there is no bucket.
S3Place parse_s3_place(const std::string& text);

struct ListedObject {
  std::string key;
  ObjectInfo info;
};

class S3Store {
 public:
  // What the configuration leaves out comes from AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, AWS_REGION or
  // AWS_DEFAULT_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. Throws kUsage for an
  // endpoint that is no http:// or https:// address, and where there are no credentials.
  explicit S3Store(const S3Config& config);

  [[nodiscard]] Address address_of(const S3Place& place) const;
  // All objects whose keys begin so, sorted by key (ListObjectsV2). Throws as look_at() does, calling it
  // `name`.
  [[nodiscard]] std::vector<ListedObject> list(HttpClient& client, const S3Place& prefix,
                                               const std::string& name) const;

 private:
  [[nodiscard]] Address address_of(const S3Place& place, const NamedValues& query) const;
  [[nodiscard]] bool in_path(const std::string& bucket) const;

  std::string scheme_;  // "https://"
  std::string host_;    // with its port
  std::string base_;    // of the endpoint's path
  std::string region_;
  std::optional<bool> path_style_;
  bool is_amazon_ = false;
  bool anonymous_ = false;
  AwsCredentials credentials_;
};

}  // namespace millrace::remote
