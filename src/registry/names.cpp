#include "registry/names.hpp"

#include <algorithm>
#include <string_view>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::size_t kLongestAlias = 255;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// MLflow's rule: 1 to 255 letters, digits, '_' and '-', in any place.
bool is_alias(std::string_view text) {
  const auto allowed = [](char c) { return c == '-' || c == '_' || is_plain_name(std::string_view(&c, 1)); };
  return !text.empty() && text.size() <= kLongestAlias && std::all_of(text.begin(), text.end(), allowed);
}

// "latest" means the newest version and "v7" a version's number, in any case.
bool is_reserved(std::string_view alias) {
  const auto same = [](char a, char b) { return (a | 0x20) == b; };
  constexpr std::string_view kLatest = "latest";
  if (std::equal(alias.begin(), alias.end(), kLatest.begin(), kLatest.end(), same)) return true;
  return alias.size() > 1 && same(alias.front(), 'v') &&
         std::all_of(alias.begin() + 1, alias.end(), is_digit);
}

}  // namespace

void check_model_name(const std::string& name) {
  if (is_plain_name(name)) return;
  throw Error(Topic::kInvalidName, "{} cannot be a model's name: {}", millrace::quoted(name), kPlainNameRule);
}

void check_tag(const std::string& tag) {
  if (is_plain_name(tag)) return;
  throw Error(Topic::kInvalidName, "{} cannot be a tag's name: {}", millrace::quoted(tag), kPlainNameRule);
}

void check_alias(const std::string& alias) {
  if (!is_alias(alias)) {
    throw Error(Topic::kInvalidName, "{} cannot be an alias: it needs 1 to {} letters, digits, '_' or '-'",
                millrace::quoted(alias), kLongestAlias);
  }
  if (is_reserved(alias)) {
    throw Error(Topic::kInvalidName, "'{}' cannot be an alias: 'latest' and 'v' with a number are reserved",
                alias);
  }
}

}  // namespace millrace
