#include "remote/aws_signature.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <cstdint>
#include <ctime>

#include <fmt/core.h>

#include "base/digest.hpp"
#include "base/hmac.hpp"
#include "base/text.hpp"

namespace millrace::remote {

namespace {

constexpr const char* kAlgorithm = "AWS4-HMAC-SHA256";

// Names in lower case, values without blanks around them; sorted by name.
NamedValues canonical_headers(const NamedValues& headers) {
  NamedValues canonical;
  for (auto [name, value] : headers) {
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    canonical.emplace_back(name, trim(value));
  }
  std::sort(canonical.begin(), canonical.end());
  return canonical;
}

std::string names_of(const NamedValues& headers) {
  std::vector<std::string> names;
  for (const auto& [name, value] : headers) names.push_back(name);
  return join(names, ";");
}

std::string canonical_request(const AwsRequest& request, const NamedValues& headers,
                              const std::string& payload_digest) {
  std::string lines;
  for (const auto& [name, value] : headers) lines += fmt::format("{}:{}\n", name, value);
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, request.path, encode_query(request.query),
                     lines, names_of(headers), payload_digest);
}

std::string signing_key(const std::string& secret, const std::string& day, const AwsScope& scope) {
  const std::string for_day = hmac_sha256("AWS4" + secret, day);
  const std::string for_region = hmac_sha256(for_day, scope.region);
  return hmac_sha256(hmac_sha256(for_region, scope.service), "aws4_request");
}

}  // namespace

std::string percent_encode(std::string_view text, bool keep_slash) {
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool stays = (byte < 0x80 && std::isalnum(byte) != 0) || c == '-' || c == '.' || c == '_' ||
                       c == '~' || (keep_slash && c == '/');
    encoded += stays ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return encoded;
}

std::string encode_query(const NamedValues& query) {
  std::vector<std::string> parts;
  for (const auto& [name, value] : query) parts.push_back(percent_encode(name) + "=" + percent_encode(value));
  std::sort(parts.begin(), parts.end());
  return join(parts, "&");
}

std::string aws_time() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &utc)};
}

NamedValues sign(const AwsRequest& request, const AwsCredentials& credentials, const AwsScope& scope) {
  const std::string payload_digest = digest_of(request.payload).hex();
  NamedValues added{{"x-amz-content-sha256", payload_digest}, {"x-amz-date", scope.time}};
  if (!credentials.session_token.empty())
    added.emplace_back("x-amz-security-token", credentials.session_token);
  NamedValues all = request.headers;
  all.insert(all.end(), added.begin(), added.end());
  const NamedValues headers = canonical_headers(all);

  const std::string day = scope.time.substr(0, 8);
  const std::string place = fmt::format("{}/{}/{}/aws4_request", day, scope.region, scope.service);
  const std::string text = fmt::format("{}\n{}\n{}\n{}", kAlgorithm, scope.time, place,
                                       digest_of(canonical_request(request, headers, payload_digest)).hex());
  const std::string signature = to_hex(hmac_sha256(signing_key(credentials.secret_key, day, scope), text));
  added.emplace_back("authorization",
                     fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm,
                                 credentials.access_key, place, names_of(headers), signature));
  return added;
}

}  // namespace millrace::remote
