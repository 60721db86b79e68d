#include "registry/search.hpp"

#include <algorithm>
#include <functional>
#include <limits>

#include "registry/search_words.hpp"
#include "table/parse.hpp"

namespace millrace {

namespace {

using Kind = SearchWord::Kind;
using Condition = std::function<bool(const Json&)>;

struct Query {
  Condition where = [](const Json&) { return true; };
  std::string order_by;
  bool descending = false;
  std::size_t limit = std::numeric_limits<std::size_t>::max();
  bool reads_records = false;
};

// The field's value; null where there is none. Names may hold dots ("params.features.columns.a.b"): a name
// that stands as it is comes first.
const Json& field_of(const Json& document, const std::string& name) {
  static const Json kNone;
  if (!document.is_object()) return kNone;
  if (const auto whole = document.find(name); whole != document.end()) return *whole;
  const auto dot = name.find('.');
  if (dot == std::string::npos) return kNone;
  const auto part = document.find(name.substr(0, dot));
  return part == document.end() ? kNone : field_of(*part, name.substr(dot + 1));
}

bool is_word(std::string_view text, std::string_view lower) {
  return std::ranges::equal(text, lower, [](char a, char b) { return (a | 0x20) == b; });
}

// % stands for any characters.
bool is_like(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] != '%')
    return !text.empty() && text[0] == pattern[0] && is_like(text.substr(1), pattern.substr(1));
  for (std::size_t skipped = 0; skipped <= text.size(); ++skipped) {
    if (is_like(text.substr(skipped), pattern.substr(1))) return true;
  }
  return false;
}

template <class Value>
bool holds(const std::string& sign, const Value& a, const Value& b) {
  if (sign == "=") return a == b;
  if (sign == "!=") return a != b;
  if (sign == "<") return a < b;
  if (sign == "<=") return a <= b;
  if (sign == ">") return a > b;
  return a >= b;
}

bool text_holds(const std::string& sign, const std::string& a, const std::string& b) {
  return sign == "like" ? is_like(a, b) : holds(sign, a, b);
}

// Of a list, for one of its members.
bool fulfils(const Json& value, const std::string& sign, const Json& wanted) {
  if (value.is_array()) {
    return std::ranges::any_of(value, [&](const Json& one) { return fulfils(one, sign, wanted); });
  }
  if (value.is_number() && wanted.is_number()) return holds(sign, value.get<double>(), wanted.get<double>());
  if (value.is_boolean() && wanted.is_string())
    return text_holds(sign, value.dump(), wanted.get<std::string>());
  return value.is_string() && wanted.is_string() &&
         text_holds(sign, value.get<std::string>(), wanted.get<std::string>());
}

class Parser {
 public:
  explicit Parser(const std::string& query) : words_(search_words(query)) {}

  Query query() {
    Query query;
    if (!is_keyword("order") && !is_keyword("limit") && next().kind != Kind::kEnd) query.where = any();
    if (take_keyword("order")) {
      if (!take_keyword("by")) throw senseless(next(), "'by' is expected");
      query.order_by = name();
      query.descending = take_keyword("desc");
      if (!query.descending) take_keyword("asc");
    }
    if (take_keyword("limit")) query.limit = static_cast<std::size_t>(number());
    if (next().kind != Kind::kEnd) throw senseless(next(), "'and', 'or', 'order by' or the end is expected");
    query.reads_records = reads_records_;
    return query;
  }

 private:
  [[nodiscard]] const SearchWord& next() const { return words_[at_]; }
  [[nodiscard]] bool is_keyword(const char* word) const {
    return next().kind == Kind::kName && is_word(next().text, word);
  }
  bool take_keyword(const char* word) { return is_keyword(word) && (++at_, true); }
  bool take_sign(const char* sign) {
    return next().kind == Kind::kSign && next().text == sign && (++at_, true);
  }

  std::string name() {
    if (next().kind != Kind::kName) throw senseless(next(), "a field is expected");
    const std::string& name = words_[at_++].text;
    reads_records_ |= name.starts_with("params") || name.starts_with("environment");
    return name;
  }
  double number() {
    double value = 0;
    if (next().kind != Kind::kNumber || !parse_real(next().text, value) || value < 0)
      throw senseless(next(), "a number is expected");
    ++at_;
    return value;
  }

  Condition any() {
    Condition left = all();
    while (take_keyword("or")) {
      left = [left, right = all()](const Json& version) { return left(version) || right(version); };
    }
    return left;
  }
  Condition all() {
    Condition left = one();
    while (take_keyword("and")) {
      left = [left, right = one()](const Json& version) { return left(version) && right(version); };
    }
    return left;
  }
  Condition one() {
    if (take_keyword("not")) return [inner = one()](const Json& version) { return !inner(version); };
    if (!take_sign("(")) return comparison();
    Condition inner = any();
    if (!take_sign(")")) throw senseless(next(), "')' is expected");
    return inner;
  }

  Condition comparison() {
    const std::string field = name();
    const std::string sign = comparison_sign();
    const Json wanted = value(sign == "like");
    return [field, sign, wanted](const Json& version) {
      return fulfils(field_of(version, field), sign, wanted);
    };
  }
  std::string comparison_sign() {
    if (take_keyword("like")) return "like";
    for (const char* sign : {"=", "!=", "<", "<=", ">", ">="}) {
      if (take_sign(sign)) return sign;
    }
    throw senseless(next(), "a comparison (=, !=, <, <=, >, >=, like) is expected");
  }
  Json value(bool only_text) {
    const SearchWord& word = next();
    double number = 0;
    if (word.kind == Kind::kText) return ++at_, Json(word.text);
    if (!only_text && word.kind == Kind::kNumber && parse_real(word.text, number)) return ++at_, Json(number);
    throw senseless(word, only_text ? "a text in single quotes is expected" : "a value is expected");
  }

  std::vector<SearchWord> words_;
  std::size_t at_ = 0;
  bool reads_records_ = false;  // their fields are asked for
};

struct Found {
  const ModelVersion* version;
  Json key;
};

// Numbers before texts; nothing last, whichever way the order goes.
bool comes_first(const Found& a, const Found& b, bool descending) {
  if (a.key.is_null() || b.key.is_null()) return !a.key.is_null() && b.key.is_null();
  return descending ? b.key < a.key : a.key < b.key;
}

}  // namespace

Json searchable(const ModelVersion& version, const Records* records) {
  Json document = version.details();
  if (records != nullptr) {
    document["params"] = records->of(document, "config");
    document["environment"] = records->of(document, "environment");
  }
  document.erase("config");  // params, as old entries held them
  document.erase("records");
  document["model"] = version.model;
  document["version"] = version.version;
  document["stage"] = version.stage;
  document["created"] = version.time;
  document["user"] = version.user;
  document["description"] = version.description;
  document["aliases"] = version.aliases;
  document["tags"] = version.tags;
  return document;
}

std::vector<const ModelVersion*> search(const RegistryState& state, const Records& records,
                                        const std::string& query_text) {
  const Query query = Parser(query_text).query();
  std::vector<Found> found;
  for (const ModelVersion& version : state.versions) {
    const Json document = searchable(version, query.reads_records ? &records : nullptr);
    if (query.where(document)) found.push_back({&version, field_of(document, query.order_by)});
  }
  if (!query.order_by.empty()) {
    std::ranges::stable_sort(
        found, [&](const Found& a, const Found& b) { return comes_first(a, b, query.descending); });
  }
  found.resize(std::min(found.size(), query.limit));
  std::vector<const ModelVersion*> versions;
  for (const Found& one : found) versions.push_back(one.version);
  return versions;
}

}  // namespace millrace
