// What is found while values are parsed is what is found when they are only looked at.
#include "ingestion/block_evidence.hpp"

#include <array>
#include <fstream>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "ingestion/block_loader.hpp"
#include "ingestion/inference.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

constexpr std::array kTypes{ColumnType::kBoolean, ColumnType::kInteger,   ColumnType::kReal,
                            ColumnType::kDate,    ColumnType::kTimestamp, ColumnType::kText};

// Texts that are values of one type or several, or nearly.
constexpr std::array<std::string_view, 30> kTexts{"true",
                                                  "FALSE",
                                                  "0",
                                                  "-0",
                                                  "7",
                                                  "+7",
                                                  "007",
                                                  "-12",
                                                  "123456789012345",
                                                  "1234567890123456",
                                                  "9223372036854775808",
                                                  "0.5",
                                                  "-.5",
                                                  "00.5",
                                                  "1e5",
                                                  "0.12345678901234567",
                                                  "2026-11-24",
                                                  "2026-02-30",
                                                  "2026-11-24T03:26:00Z",
                                                  "2026-11-24 03:26:00.5",
                                                  "word",
                                                  "nan",
                                                  "inf",
                                                  "\"quoted\"",
                                                  "\"5\"",
                                                  "'q'",
                                                  " 5",
                                                  "5 ",
                                                  "",
                                                  "NA"};

struct Case {
  DataConfig config;
  CsvDialect dialect = csv_dialect(config);
  Layout layout;
  std::vector<SourceFile> sources{SourceFile{"x.csv", 0, {}}};
  std::vector<std::string> paths;
  std::vector<ShardPiece> pieces;

  Case(const std::string& path, const std::string& text, bool trim) {
    std::ofstream(path, std::ios::binary) << text;
    config.trim = trim;
    config.missing = {"", "NA"};
    dialect = csv_dialect(config);
    layout.fields = 2;
    layout.header_offsets = {kNoHeader};
    layout.columns = {{"a", 0, {}}, {"b", 1, {}}};
    sources[0].bytes = text.size();
    paths = {path};
    const CsvRange all{0, text.size()};
    pieces = {{0, all, {all}}};
  }
  [[nodiscard]] Reading reading() const { return {config, dialect, layout, sources, paths, pieces}; }
  [[nodiscard]] std::vector<Evidence> parsed_as(ColumnType a, ColumnType b) const {
    return load_block(ReadableFile(paths[0]), pieces[0].blocks[0], 0, kNoHeader, config, dialect, layout,
                      Schema({{"a", a}, {"b", b}}), 5)
        .evidence;
  }
};

// A column has a few of the texts, so that most are of one type; now and then a record has a field too many.
std::string random_csv(CounterRandom& random) {
  std::array<std::array<std::string_view, 3>, 2> texts;
  for (auto& of_column : texts) {
    for (std::string_view& text : of_column) text = kTexts[random.below(kTexts.size())];
  }
  std::string csv;
  for (std::uint64_t row = 0, rows = random.below(60); row < rows; ++row) {
    const std::uint64_t rare = random.below(20) == 0 ? 3 : 1 + random.below(2);
    csv += texts[0][random.below(rare)];
    csv += ',';
    csv += texts[1][random.below(rare)];
    csv += random.below(30) == 0 ? ",x\n" : "\n";
  }
  return csv;
}

TEST(BlockEvidence, IsTheSameWhateverTypesValuesAreParsedAs) {
  const testing_support::TemporaryFolder folder;
  CounterRandom random(derive_key({11}));
  for (int i = 0; i < 400; ++i) {
    const std::string text = random_csv(random);
    const Case one(folder / "x.csv", text, i % 2 == 0);
    const Json expected(observe_block(one.reading(), {0, 0}));
    for (const ColumnType type : kTypes) {
      const ColumnType other = kTypes[random.below(kTypes.size())];
      ASSERT_EQ(Json(one.parsed_as(type, other)), expected)
          << to_string(type) << ", " << to_string(other) << " of\n"
          << text;
    }
  }
}

// Value by value, without any short cut: of the first column.
Evidence observed_singly(const Case& one) {
  const ReadableFile file(one.paths[0]);
  CsvReader reader(file, one.dialect, one.pieces[0].range, one.config.block_bytes);
  FieldReader fields(one.dialect);
  Evidence evidence;
  PaddedText value;
  for (CsvBatch batch; reader.next(batch);) {
    for (const RecordPlace& record : batch.records) {
      if (fields.read(batch.raw_field(record, 0), value)) evidence.observe(value.view(), {batch, record, 0});
    }
  }
  return evidence;
}

// Whole batches say nothing new, until a value of any other kind comes.
TEST(BlockEvidence, IsTheSameWhereOneValueIsOddBehindBatchesOfPlainOnes) {
  const testing_support::TemporaryFolder folder;
  constexpr std::array<std::string_view, 7> kPlain{
      "true", "7", "-12", "0.5", "word", "2026-11-24", "2026-11-24T03:26:00Z"};
  for (const std::string_view plain : kPlain) {
    std::string rows;
    while (rows.size() < (300 << 10)) rows += fmt::format("{},x\n", plain);
    TypeCandidates candidates;
    candidates.observe(plain);
    for (const std::string_view odd : kTexts) {
      const Case one(folder / "x.csv", rows + fmt::format("{},x\n", odd), false);
      const Json expected(observed_singly(one));
      ASSERT_EQ(Json(observe_block(one.reading(), {0, 0}).at(0)), expected) << plain << ", " << odd;
      ASSERT_EQ(Json(one.parsed_as(candidates.result(), ColumnType::kText).at(0)), expected)
          << plain << ", " << odd;
    }
  }
}

TEST(BlockEvidence, OfDeclaredColumnsThereIsNone) {
  const testing_support::TemporaryFolder folder;
  Case one(folder / "x.csv", "1,2\n3,x\n", false);
  one.layout.columns[0].declared = ColumnType::kText;
  const auto evidence = one.parsed_as(ColumnType::kText, ColumnType::kText);
  EXPECT_EQ(evidence.at(0).present, 0U);
  EXPECT_EQ(evidence.at(1).present, 2U);
  one.layout.columns[1].declared = ColumnType::kText;
  EXPECT_TRUE(one.parsed_as(ColumnType::kText, ColumnType::kText).empty());
}

}  // namespace
}  // namespace millrace
