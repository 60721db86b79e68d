#include "registry/names.hpp"

#include <algorithm>
#include <string_view>

#include "base/error.hpp"
#include "base/text.hpp"

namespace millrace {

namespace {

constexpr std::size_t kLongestName = 255;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter_or_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// 1 to 255 letters, digits and characters of `others`, which may not come first unless `others_first`.
bool follows_rules(std::string_view name, std::string_view others, bool others_first) {
  const auto allowed = [&](char c) { return is_letter_or_digit(c) || others.find(c) != others.npos; };
  return !name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), allowed) &&
         (others_first || is_letter_or_digit(name.front()));
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
  if (follows_rules(name, "_-.", false)) return;
  throw usage_error(
      "{} cannot be a model's name: it needs 1 to {} letters, digits, '_', '-' or '.', and a letter or digit "
      "first",
      millrace::quoted(name), kLongestName);
}

void check_alias(const std::string& alias) {
  if (!follows_rules(alias, "_-", true)) {
    throw usage_error("{} cannot be an alias: it needs 1 to {} letters, digits, '_' or '-'",
                      millrace::quoted(alias), kLongestName);
  }
  if (is_reserved(alias)) {
    throw usage_error("'{}' cannot be an alias: 'latest' and 'v' with a number are reserved", alias);
  }
}

}  // namespace millrace
