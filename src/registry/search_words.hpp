// Inside registry/: the words of a search.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"

namespace millrace {

struct SearchWord {
  enum class Kind { kName, kText, kNumber, kSign, kEnd };
  Kind kind = Kind::kEnd;
  std::string text;    // of a text without its quotes
  std::size_t at = 0;  // the first character's place, from 1
};

// Throws kUsage for a quote that is never closed, or a character that begins no word.
std::vector<SearchWord> search_words(const std::string& query);

// "the search stops making sense at 'and' (character 12): a value is expected"
Error senseless(const SearchWord& at, const std::string& expected);

}  // namespace millrace
