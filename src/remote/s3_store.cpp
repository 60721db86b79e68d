#include "remote/s3_store.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "remote/xml.hpp"

namespace millrace::remote {

namespace {

// The first of these variables that is set and not empty.
std::string variable(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
  }
  return "";
}

std::string first_of(const std::string& given, std::initializer_list<const char*> names) {
  return given.empty() ? variable(names) : given;
}

std::string revealed(const std::optional<Secret>& secret, const char* name) {
  return secret ? secret->reveal() : variable({name});
}

AwsCredentials credentials_of(const S3Config& config) {
  AwsCredentials credentials{revealed(config.access_key, "AWS_ACCESS_KEY_ID"),
                             revealed(config.secret_key, "AWS_SECRET_ACCESS_KEY"),
                             revealed(config.session_token, "AWS_SESSION_TOKEN")};
  if (credentials.access_key.empty() || credentials.secret_key.empty()) {
    throw Error(Topic::kEnvironmentVariable,
                "there are no credentials for s3://: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
                "data.s3.access_key and data.s3.secret_key; for a public bucket data.s3.anonymous: true");
  }
  return credentials;
}

// With encoding-type=url, keys are percent-encoded, blanks perhaps as '+'.
std::string decode_key(std::string_view text) {
  std::string key;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    const char* digits = text.data() + i + 1;
    const bool is_code = text[i] == '%' && i + 2 < text.size() &&
                         std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
    key += is_code ? static_cast<char>(byte) : text[i] == '+' ? ' ' : text[i];
    if (is_code) i += 2;
  }
  return key;
}

Error damaged_list(const std::string& name) {
  return Error(Topic::kUnreachableSource, "cannot fetch '{}': the server's list of objects is damaged", name);
}

// Adds the objects of one page; returns the token of the next, "" behind the last.
std::string append_page(const std::string& xml, const std::string& name, std::vector<ListedObject>& objects) {
  const bool is_encoded = xml_text(xml, "EncodingType") == "url";
  for (const std::string_view element : xml_elements(xml, "Contents")) {
    const std::string size = xml_text(element, "Size");
    const std::string key = xml_text(element, "Key");
    ListedObject object{is_encoded ? decode_key(key) : key, {0, xml_text(element, "ETag"), "", true}};
    const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), object.info.bytes);
    if (error != std::errc() || end != size.data() + size.size() || key.empty()) throw damaged_list(name);
    objects.push_back(std::move(object));
  }
  if (xml_text(xml, "IsTruncated") == "false") return "";
  std::string token = xml_text(xml, "NextContinuationToken");
  if (token.empty()) throw damaged_list(name);
  return token;
}

}  // namespace

S3Place parse_s3_place(const std::string& text) {
  const std::string rest = text.substr(std::string_view("s3://").size());
  const auto slash = rest.find('/');
  S3Place place{rest.substr(0, slash), slash == std::string::npos ? "" : rest.substr(slash + 1)};
  if (place.bucket.empty()) throw usage_error("'{}' names no bucket: it is s3://BUCKET/KEY", text);
  return place;
}

S3Store::S3Store(const S3Config& config)
    : region_(first_of(config.region, {"AWS_REGION", "AWS_DEFAULT_REGION"})),
      path_style_(config.path_style),
      anonymous_(config.anonymous) {
  if (region_.empty()) region_ = "us-east-1";
  std::string endpoint = first_of(config.endpoint, {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"});
  is_amazon_ = endpoint.empty();
  if (is_amazon_) endpoint = fmt::format("https://s3.{}.amazonaws.com", region_);
  const auto end = endpoint.find("://");
  scheme_ = endpoint.substr(0, end == std::string::npos ? 0 : end + 3);
  if (scheme_ != "http://" && scheme_ != "https://") {
    throw Error(Topic::kWrongValue, "data.s3.endpoint must be an http:// or https:// address, not {}",
                millrace::quoted(endpoint));
  }
  const std::string rest = endpoint.substr(scheme_.size());
  host_ = rest.substr(0, rest.find('/'));
  base_ = rest.substr(host_.size());
  while (base_.ends_with('/')) base_.pop_back();
  if (!anonymous_) credentials_ = credentials_of(config);
}

// The certificates of Amazon's hosts are for names of one more part, so a bucket with a dot is in the path.
bool S3Store::in_path(const std::string& bucket) const {
  return path_style_.value_or(!is_amazon_ || bucket.find('.') != std::string::npos);
}

Address S3Store::address_of(const S3Place& place) const {
  return address_of(place, {});
}

Address S3Store::address_of(const S3Place& place, const NamedValues& query) const {
  AwsRequest request;
  const bool in_path = this->in_path(place.bucket);
  const std::string host = in_path ? host_ : fmt::format("{}.{}", place.bucket, host_);
  const std::string bucket = in_path ? fmt::format("/{}", percent_encode(place.bucket)) : "";
  request.path = fmt::format("{}{}/{}", base_, bucket, percent_encode(place.key, true));
  request.query = query;
  Address address;
  address.name = place.str();
  address.url =
      fmt::format("{}{}{}{}{}", scheme_, host, request.path, query.empty() ? "" : "?", encode_query(query));
  if (anonymous_) return address;
  address.sign = [request, host, credentials = credentials_, region = region_](const HttpHeaders& headers) {
    AwsRequest signed_request = request;
    signed_request.headers = headers;
    signed_request.headers.emplace_back("host", host);
    return sign(signed_request, credentials, {aws_time(), region});
  };
  return address;
}

std::vector<ListedObject> S3Store::list(HttpClient& client, const S3Place& prefix,
                                        const std::string& name) const {
  std::vector<ListedObject> objects;
  std::string token;
  do {
    NamedValues query{{"list-type", "2"}, {"encoding-type", "url"}, {"prefix", prefix.key}};
    if (!token.empty()) query.emplace_back("continuation-token", token);
    const Address address = address_of({prefix.bucket, ""}, query);
    HttpCall request;
    request.url = address.url;
    request.name = name;
    if (address.sign) request.headers = [&] { return address.sign({}); };
    const HttpAnswer answer = client.send(request);
    if (answer.status != 200) throw refused(name, answer);
    token = append_page(answer.body, name, objects);
  } while (!token.empty());
  std::sort(objects.begin(), objects.end(), [](auto& a, auto& b) { return a.key < b.key; });
  return objects;
}

}  // namespace millrace::remote
