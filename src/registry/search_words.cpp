#include "registry/search_words.hpp"

#include <cctype>

#include "base/topics.hpp"

namespace millrace {

namespace {

using Kind = SearchWord::Kind;

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-';
}

bool begins_number(const std::string& query, std::size_t at) {
  const auto is_digit = [&](std::size_t i) {
    return i < query.size() && std::isdigit(static_cast<unsigned char>(query[i])) != 0;
  };
  return is_digit(at) || ((query[at] == '-' || query[at] == '.') && is_digit(at + 1));
}

std::size_t end_of(const std::string& query, std::size_t at, bool (*belongs)(char)) {
  while (at < query.size() && belongs(query[at])) ++at;
  return at;
}

// A quote in a text is written twice.
SearchWord quoted_word(const std::string& query, std::size_t& at) {
  SearchWord word{Kind::kText, "", at + 1};
  for (++at; at < query.size(); ++at) {
    if (query[at] == '\'' && (at + 1 == query.size() || query[at + 1] != '\'')) return ++at, word;
    if (query[at] == '\'') ++at;
    word.text += query[at];
  }
  throw senseless({Kind::kEnd, "", word.at}, "the quote that opens here is never closed");
}

SearchWord sign_word(const std::string& query, std::size_t at) {
  for (const char* sign : {"<=", ">=", "!=", "<", ">", "=", "(", ")", ","}) {
    if (query.compare(at, std::string(sign).size(), sign) == 0) return {Kind::kSign, sign, at + 1};
  }
  throw senseless({Kind::kSign, query.substr(at, 1), at + 1}, "it begins no word");
}

bool is_of_number(char c) {
  return is_name(c) || c == '+';
}

}  // namespace

std::vector<SearchWord> search_words(const std::string& query) {
  std::vector<SearchWord> words;
  std::size_t at = 0;
  while (at < query.size()) {
    if (query[at] == ' ') {
      ++at;
    } else if (query[at] == '\'') {
      words.push_back(quoted_word(query, at));
    } else if (begins_number(query, at) || is_name(query[at])) {
      const bool number = begins_number(query, at);
      const std::size_t end = end_of(query, at, number ? is_of_number : is_name);
      words.push_back({number ? Kind::kNumber : Kind::kName, query.substr(at, end - at), at + 1});
      at = end;
    } else {
      words.push_back(sign_word(query, at));
      at += words.back().text.size();
    }
  }
  words.push_back({Kind::kEnd, "", query.size() + 1});
  return words;
}

Error senseless(const SearchWord& at, const std::string& expected) {
  const std::string shown = at.text.empty() ? "its end" : "'" + at.text + "'";
  return {Topic::kSearch, "the search stops making sense at {} (character {}): {}", shown, at.at, expected};
}

}  // namespace millrace
