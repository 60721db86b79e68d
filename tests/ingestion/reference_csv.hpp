// A CSV parser as plain as can be, and nasty files to compare it with the real one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"

namespace millrace::testing_support {

struct ReferenceRecord {
  std::uint64_t offset = 0;
  std::uint64_t line = 0;
  std::vector<std::string> fields;  // only compared where !bad_quote
  bool bad_quote = false;
  friend bool operator==(const ReferenceRecord&, const ReferenceRecord&) = default;
};

// The characters of a file; '\0': none.
struct ReferenceDialect {
  char delimiter = ',';
  char escape = '\0';
  char comment = '\0';
};

// Nothing where a quote is never closed.
inline std::optional<std::vector<ReferenceRecord>> reference_parse(const std::string& text,
                                                                   const ReferenceDialect& dialect = {}) {
  std::vector<ReferenceRecord> records;
  std::size_t i = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  std::uint64_t line = 1;
  const auto is = [&](std::size_t at, char c) { return c != '\0' && text[at] == c; };
  const auto is_break = [&](std::size_t at) { return text[at] == '\n' || text[at] == '\r'; };
  const auto ends_field = [&](std::size_t at) { return text[at] == dialect.delimiter || is_break(at); };
  const auto count_break = [&](std::size_t at) {
    if (text[at] == '\r' || (text[at] == '\n' && (at == 0 || text[at - 1] != '\r'))) ++line;
  };
  // Takes the escaped character, or an escape that nothing follows.
  const auto take_escaped = [&](std::string& field) {
    if (!is(i, dialect.escape)) return false;
    if (i + 1 < text.size()) count_break(++i);
    field += text[i++];
    return true;
  };
  while (i < text.size()) {
    if (is_break(i)) {
      count_break(i++);
      continue;
    }
    if (is(i, dialect.comment)) {
      while (i < text.size() && !is_break(i)) ++i;
      continue;
    }
    ReferenceRecord record{i, line, {}, false};
    for (bool more = true; more; ++i) {
      std::string field;
      if (i < text.size() && text[i] == '"') {
        for (++i;;) {
          if (i >= text.size()) return std::nullopt;
          if (is(i, dialect.escape) && i + 1 >= text.size()) return std::nullopt;
          if (take_escaped(field)) continue;
          if (text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"') {
            ++i;
          } else if (text[i] == '"') {
            break;
          } else {
            count_break(i);
          }
          field += text[i++];
        }
        ++i;
        record.bad_quote |= i < text.size() && !ends_field(i);
      }
      while (i < text.size() && !ends_field(i)) {
        if (!take_escaped(field)) field += text[i++];
      }
      record.fields.push_back(field);
      more = i < text.size() && text[i] == dialect.delimiter;
      if (!more) break;
    }
    if (record.bad_quote) record.fields.clear();
    records.push_back(record);
  }
  return records;
}

// Without syncs, which would make up most of a test's time: some file systems flush a file that is cut to
// nothing and written anew, so the old one goes first.
inline void write_text(const std::string& path, const std::string& text) {
  std::filesystem::remove(path);
  std::ofstream(path, std::ios::binary) << text;
}

template <class T>
const T& pick(CounterRandom& random, const std::vector<T>& choices) {
  return choices[random.below(choices.size())];
}

// Well-formed: `columns` fields a record, quoted where they must be and sometimes where they need not.
inline std::string well_formed_csv(CounterRandom& random, std::size_t columns, std::size_t rows) {
  const std::vector<std::string> atoms{"a",  "Zz", "é",  "漢", "7",    "-1.5", " ",
                                       "\"", ",",  "\n", "\r", "\r\n", "'"};
  const std::vector<std::string> line_ends{"\n", "\r\n", "\r", "\n\n"};
  std::string text = random.below(4) == 0 ? "\xef\xbb\xbf" : "";
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      std::string field;
      for (std::uint64_t n = random.below(5); n > 0; --n) field += pick(random, atoms);
      const bool must_quote = field.find_first_of(",\r\n") != std::string::npos || field.starts_with('"') ||
                              (columns == 1 && field.empty());
      if (must_quote || random.below(4) == 0) {
        std::string quoted = "\"";
        for (const char c : field) quoted.append(c == '"' ? 2 : 1, c);
        field = quoted + "\"";
      }
      text += (column > 0 ? "," : "") + field;
    }
    if (row + 1 < rows || random.below(2) == 0) text += pick(random, line_ends);
  }
  return text;
}

// Anything at all, made of the bytes that matter.
inline std::string arbitrary_csv(CounterRandom& random, std::size_t bytes,
                                 const std::string& alphabet = "\"\"\",,,\n\n\rab 1") {
  std::string text;
  while (text.size() < bytes) text += alphabet[random.below(alphabet.size())];
  return text;
}

}  // namespace millrace::testing_support
