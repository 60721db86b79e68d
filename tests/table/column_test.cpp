#include "table/column.hpp"

#include <set>

#include <gtest/gtest.h>

#include "types.hpp"

namespace millrace {
namespace {

Column texts(const std::vector<std::string>& values) {
  Column column(ColumnType::kText);
  TextAppender appender(column);
  for (const std::string& value : values) appender.append(value);
  return column;
}

TEST(Column, MissingValuesKeepEveryVectorAsLongAsTheColumn) {
  for (const ColumnType type : every_type()) {
    Column column(type);
    column.append_missing();
    column.append_missing();
    EXPECT_EQ(column.size(), 2U);
    EXPECT_FALSE(column.is_valid(1));
    EXPECT_EQ(column.integers.size() + column.reals.size() + column.codes.size(), 2U);
  }
}

TEST(TextAppender, HoldsEachTextOnceInOrderOfAppearance) {
  const Column column = texts({"b", "a", "b", "", "a", std::string("\0", 1), ""});
  EXPECT_EQ(column.dictionary, (TextList{"b", "a", "", std::string("\0", 1)}));
  EXPECT_EQ(column.codes, (std::vector<std::int32_t>{0, 1, 0, 2, 1, 3, 2}));
}

// Texts of all lengths that differ in one byte: short ones are told by words that overlap.
TEST(TextAppender, TellsAllTextsApart) {
  Column column(ColumnType::kText);
  TextAppender appender(column);
  std::vector<std::string> texts;
  for (std::size_t size = 0; size <= 40; ++size) {
    texts.emplace_back(size, 'x');
    for (std::size_t at = 0; at < size; ++at) {
      texts.emplace_back(size, 'x');
      texts.back()[at] = at % 2 == 0 ? 'y' : '\0';
    }
  }
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      ASSERT_EQ(appender.code_of(texts[i]), static_cast<std::int32_t>(i)) << testing::PrintToString(texts[i]);
    }
  }
}

TEST(TextAppender, AppendsAnotherColumn) {
  Column first(ColumnType::kText);
  TextAppender appender(first);
  for (const char* text : {"b", "a"}) appender.append(text);
  Column other(ColumnType::kText);
  {
    TextAppender texts(other);
    texts.append("c");
    other.append_missing();
    texts.append("a");
  }
  appender.append(other);
  EXPECT_EQ(first.dictionary, (TextList{"b", "a", "c"}));
  EXPECT_EQ(first.codes, (std::vector<std::int32_t>{0, 1, 2, 0, 1}));
  EXPECT_EQ(first.valid, (std::vector<std::uint8_t>{1, 1, 1, 0, 1}));
}

TEST(TextAppender, GrowsWithoutLosingTexts) {
  constexpr int kTexts = 20'000;
  Column column(ColumnType::kText);
  TextAppender appender(column);
  for (int i = 0; i < 2 * kTexts; ++i) appender.append("customer-" + std::to_string(i / 2 * 7));
  EXPECT_EQ(column.dictionary.size(), static_cast<std::size_t>(kTexts));
  for (std::size_t row = 0; row < column.size(); ++row) {
    ASSERT_EQ(column.text(row), "customer-" + std::to_string(row / 2 * 7));
  }
}

// A column whose values are `different` different ones, over and over.
Column repeating(int different, int rows, int first = 0) {
  Column column(ColumnType::kText);
  TextAppender appender(column);
  for (int i = 0; i < rows; ++i) appender.append("key " + std::to_string(first + i % different));
  return column;
}

TEST(TextAppender, LooksForNoEqualTextsWhereHardlyAnyAre) {
  constexpr int kRows = 50'000;
  const Column column = repeating(30'000, kRows);
  EXPECT_EQ(column.dictionary.size(), static_cast<std::size_t>(kRows));
  for (int i = 0; i < kRows; ++i) {
    ASSERT_EQ(column.text(static_cast<std::size_t>(i)), "key " + std::to_string(i % 30'000));
  }
  EXPECT_EQ(repeating(16'000, kRows).dictionary.size(), 16'000U);
}

TEST(TextAppender, AppendsColumnsThatWereNotLookedThrough) {
  Column column = repeating(10, 100);
  TextAppender appender(column);
  const Column different = repeating(30'000, 40'000, 5);
  appender.append(different);
  appender.append(repeating(10, 100));
  EXPECT_EQ(column.dictionary.size(), 10U + 40'000U + 10U);
  ASSERT_EQ(column.size(), 100U + 40'000U + 100U);
  for (std::size_t row = 0; row < 100; ++row) {
    ASSERT_EQ(column.text(row), "key " + std::to_string(row % 10));
    ASSERT_EQ(column.text(40'100 + row), "key " + std::to_string(row % 10));
  }
  for (std::size_t row = 0; row < different.size(); ++row) {
    ASSERT_EQ(column.text(100 + row), different.text(row));
  }
}

TEST(TextAppender, AppendsColumnsWithoutAValue) {
  Column empty(ColumnType::kText);
  for (int i = 0; i < 3; ++i) empty.append_missing();
  Column column = texts({"a"});
  TextAppender(column).append(empty);
  EXPECT_EQ(column.codes, (std::vector<std::int32_t>{0, 0, 0, 0}));
  EXPECT_EQ(column.valid, (std::vector<std::uint8_t>{1, 0, 0, 0}));
}

TEST(TextAppender, GoesOnWithADictionaryThatIsThere) {
  Column column = texts({"x", "y"});
  TextAppender appender(column);
  appender.append("y");
  appender.append("z");
  TextAppender moved = std::move(appender);
  moved.append("z");
  EXPECT_EQ(column.dictionary, (TextList{"x", "y", "z"}));
  EXPECT_EQ(column.codes, (std::vector<std::int32_t>{0, 1, 1, 2, 2}));
}

TEST(SelectRows, KeepsOrderAndDictionaries) {
  Table table = make_table(
      Schema({{"text", ColumnType::kText}, {"real", ColumnType::kReal}, {"day", ColumnType::kDate}}));
  table.columns[0] = texts({"a", "b", "c"});
  for (int i = 0; i < 3; ++i) table.columns[1].append_real(i + 0.5);
  table.columns[2].append_integer(7);
  table.columns[2].append_missing();
  table.columns[2].append_integer(9);

  const Table kept = select_rows(table, {0, 1, 1});
  EXPECT_EQ(kept.rows(), 2U);
  EXPECT_EQ(kept["text"].text(0), "b");
  EXPECT_EQ(kept["text"].dictionary.size(), 3U);
  EXPECT_EQ(kept["real"].reals, (std::vector<double>{1.5, 2.5}));
  EXPECT_EQ(kept["day"].valid, (std::vector<std::uint8_t>{0, 1}));
  EXPECT_EQ(select_rows(table, {0, 0, 0}).rows(), 0U);
}

TEST(Table, WithoutColumnsHasNoRows) {
  EXPECT_EQ(make_table(Schema()).rows(), 0U);
}

}  // namespace
}  // namespace millrace
