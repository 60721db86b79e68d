// The catalogue and the code that throws its topics: each knows the other, and docs/errors.md is what is
// printed.
#include "base/topics.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "base/file.hpp"

namespace millrace {
namespace {

namespace fs = std::filesystem;

std::vector<TopicEntry> all_entries() {
  std::vector<TopicEntry> entries;
  for (const TopicGroup& group : topic_groups()) {
    entries.insert(entries.end(), group.entries.begin(), group.entries.end());
  }
  return entries;
}

// "unclosed-quote" is Topic::kUnclosedQuote.
std::string name_in_code(std::string_view id) {
  std::string name = "Topic::k";
  bool upper = true;
  for (const char c : id) {
    if (c != '-') name += upper ? static_cast<char>(std::toupper(c)) : c;
    upper = c == '-';
  }
  return name;
}

// The code outside of the catalogue.
std::string all_code() {
  std::string code;
  for (const auto& entry : fs::recursive_directory_iterator(MILLRACE_SOURCE_DIR "/src")) {
    const std::string path = entry.path().string();
    const bool is_code = path.ends_with(".cpp") || path.ends_with(".hpp");
    if (is_code && path.find("/base/topics") == std::string::npos) code += read_file(path);
  }
  return code;
}

// The string literals at `at`, joined; "" where there is none.
std::string literals_at(const std::string& code, std::size_t at) {
  std::string text;
  for (;;) {
    at = code.find_first_not_of(" \n", at);
    if (at == std::string::npos || code[at] != '"') return text;
    for (++at; code[at] != '"'; ++at) {
      if (code[at] != '\\') {
        text += code[at];
      } else {
        ++at;
        text += code[at] == 'n' ? '\n' : code[at];
      }
    }
    ++at;
  }
}

// The format strings that follow the topic's name in the code: `Error(Topic::kX, "…", …)`.
std::vector<std::string> formats_of(const std::string& name, const std::string& code) {
  std::vector<std::string> formats;
  for (std::size_t at = code.find(name); at != std::string::npos; at = code.find(name, at)) {
    at += name.size();
    if (std::isalnum(static_cast<unsigned char>(code[at])) != 0) continue;
    formats.push_back(code[at] == ',' ? literals_at(code, at + 1) : "");
  }
  return formats;
}

// Whether `format` can make `message`, or a part of it: its fixed pieces are there in their order.
bool can_make(const std::string& format, std::string_view message) {
  std::string piece;
  std::size_t at = 0;
  const auto take_piece = [&] {
    at = at == std::string::npos ? at : message.find(piece, at);
    if (at != std::string::npos) at += piece.size();
    piece.clear();
  };
  for (std::size_t i = 0; i < format.size(); ++i) {
    const bool doubled = i + 1 < format.size() && format[i + 1] == format[i];
    if (format[i] == '{' && !doubled) {
      take_piece();
      i = format.find('}', i);
    } else {
      piece += format[i];
      if ((format[i] == '{' || format[i] == '}') && doubled) ++i;
    }
  }
  take_piece();
  return at != std::string::npos;
}

TEST(Topics, EachHasItsEntryInTheOrderOfTheirDeclaration) {
  const auto entries = all_entries();
  ASSERT_EQ(entries.size(), static_cast<std::size_t>(Topic::kInternal) + 1);
  std::set<std::string_view> ids;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(entries[i].topic, static_cast<Topic>(i)) << entries[i].id;
    EXPECT_TRUE(ids.insert(entries[i].id).second) << entries[i].id;
    EXPECT_EQ(find_topic(entries[i].id), entries[i].topic);
    EXPECT_EQ(Error(entries[i].topic, "x").code(), entries[i].code);
    for (const std::string_view text :
         {entries[i].title, entries[i].example, entries[i].cause, entries[i].remedy})
      EXPECT_FALSE(text.empty()) << entries[i].id;
  }
  EXPECT_FALSE(find_topic("no-such-topic"));
}

TEST(Topics, EachIsThrownSomewhereAndItsExampleCanBeMadeThere) {
  const std::string code = all_code();
  for (const TopicEntry& entry : all_entries()) {
    const auto formats = formats_of(name_in_code(entry.id), code);
    EXPECT_FALSE(formats.empty()) << entry.id << " is never thrown";
    EXPECT_TRUE(
        std::ranges::any_of(formats, [&](const auto& format) { return can_make(format, entry.example); }))
        << entry.id << ": nothing makes\n"
        << entry.example;
  }
}

TEST(Topics, TheDocumentIsWhatIsPrinted) {
  EXPECT_EQ(read_file(MILLRACE_SOURCE_DIR "/docs/errors.md"), catalogue())
      << "millrace explain > docs/errors.md brings it up to date";
}

TEST(Topics, AnErrorSaysWhereItIsExplained) {
  const Error error(Topic::kUnclosedQuote, "line {}", 17);
  EXPECT_EQ(error.message(), "line 17");
  EXPECT_EQ(error.in("a.csv").topic(), Topic::kUnclosedQuote);
  EXPECT_EQ(error.reworded("so").topic(), Topic::kUnclosedQuote);
  EXPECT_EQ(where_explained(error), "see docs/errors.md#unclosed-quote, or: millrace explain unclosed-quote");
  EXPECT_NE(catalogue().find("\n### unclosed-quote\n"), std::string::npos);
  EXPECT_NE(catalogue().find(explain(Topic::kUnclosedQuote)), std::string::npos);
}

}  // namespace
}  // namespace millrace
