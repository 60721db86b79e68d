#include "serving/authorization.hpp"

#include <openssl/crypto.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::size_t kShortestToken = 16;

// The token of "Bearer TOKEN"; "" for anything else.
std::string_view bearer_token(std::string_view header) {
  static constexpr std::string_view kScheme = "bearer ";
  if (header.size() <= kScheme.size()) return {};
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    const char c = header[i];
    if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != kScheme[i]) return {};
  }
  return trim(header.substr(kScheme.size()));
}

// Takes as long for a token that is nearly right as for any other: digests are compared, all of them, each to
// its end.
bool holds(const std::vector<Digest>& digests, const Digest& digest) {
  bool found = false;
  for (const Digest& known : digests) {
    found |= CRYPTO_memcmp(known.hex().data(), digest.hex().data(), known.hex().size()) == 0;
  }
  return found;
}

HttpResponse refusal(int status, const char* message) {
  HttpResponse response = error_response(status, message);
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace

std::vector<Digest> read_tokens(const std::string& path) {
  std::vector<Digest> digests;
  std::size_t number = 0;
  for (const std::string& line : split(read_file(path), '\n')) {
    ++number;
    const std::string_view token = trim(line);
    if (token.empty() || token.starts_with('#')) continue;
    if (token.size() < kShortestToken) {
      throw Error(Topic::kAccessToken,
                  "the file of tokens '{}' has a token of {} characters in line {}; one needs {} or more",
                  path, token.size(), number, kShortestToken);
    }
    digests.push_back(digest_of(token));
  }
  if (digests.empty()) throw Error(Topic::kAccessToken, "the file of tokens '{}' has none", path);
  return digests;
}

Authorization::Authorization(std::vector<Digest> users, std::vector<Digest> admins)
    : users_(std::move(users)), admins_(std::move(admins)) {}

std::optional<HttpResponse> Authorization::refuse(const HttpRequest& request, Access access) const {
  if (access == Access::kOpen || (access == Access::kUse && users_.empty())) return std::nullopt;
  if (access == Access::kAdmin && admins_.empty())
    return refusal(403,
                   "this server was started without --admin-tokens, so nobody may change what it serves");
  const std::string_view token = bearer_token(request.header("Authorization"));
  if (token.empty()) return refusal(401, "a bearer token is needed: Authorization: Bearer TOKEN");
  const Digest digest = digest_of(token);
  const bool admin = holds(admins_, digest);
  if (admin || (access == Access::kUse && holds(users_, digest))) return std::nullopt;
  return holds(users_, digest) ? refusal(403, "this token does not allow to change what is served")
                               : refusal(401, "this token is not known");
}

}  // namespace millrace
