#include "net/client/bearer_token.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

// What a header can hold.
bool is_token(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

std::string token_file() {
  const char* path = std::getenv("MILLRACE_TOKEN_FILE");
  return path == nullptr ? "" : path;
}

std::string bearer_authorization(const std::string& path) {
  if (path.empty()) return "";
  for (const std::string& line : split(read_file(path), '\n')) {
    const std::string_view token = trim(line);
    if (token.empty() || token.starts_with('#')) continue;
    if (is_token(token)) return fmt::format("Bearer {}", token);
    throw Error(Topic::kAccessToken,
                "the file of tokens '{}' has a token with a blank or a control character", path);
  }
  throw Error(Topic::kAccessToken, "the file of tokens '{}' has none", path);
}

}  // namespace millrace
