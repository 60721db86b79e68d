#include "datagen/defects.hpp"

#include <set>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "datagen/files.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using namespace testing_support;

struct Made {
  DatagenSummary summary;
  std::vector<std::string> lines;  // without the header
};

Made make(double share, const std::string& kind) {
  const TemporaryFolder folder;
  Made made;
  made.summary = generate(
      {.out = folder.path(), .days = 1, .rows_per_day = 4000, .defects = share, .defect_kinds = {kind}});
  made.lines = lines_of(folder / "churn-2026-10-01.csv");
  made.lines.erase(made.lines.begin());
  return made;
}

std::size_t count_missing(const std::vector<std::string>& lines, const std::vector<std::string>& in) {
  const std::set<std::string> there(in.begin(), in.end());
  return std::ranges::count_if(lines, [&](const std::string& line) { return !there.contains(line); });
}

TEST(Defects, TheShareIsTheShare) {
  EXPECT_EQ(make(0, "ragged").summary.defects, 0U);
  EXPECT_EQ(make(1, "ragged").summary.defects, 4000U);
  EXPECT_NEAR(static_cast<double>(make(0.1, "ragged").summary.defects), 400, 80);
}

TEST(Defects, RowsThatStayWholeAreTheSame) {
  const Made whole = make(0, "text");
  for (const char* kind : {"ragged", "text", "duplicate", "blank"}) {
    const Made made = make(0.1, kind);
    const bool spoils = std::string(kind) == "ragged" || std::string(kind) == "text";
    EXPECT_EQ(count_missing(whole.lines, made.lines), spoils ? made.summary.defects : 0U) << kind;
    EXPECT_EQ(made.lines.size(), 4000 + (spoils ? 0 : made.summary.defects)) << kind;
  }
}

TEST(Defects, RaggedRowsHaveAFieldTooFewOrTooMany) {
  const Made made = make(1, "ragged");
  std::set<std::size_t> sizes;
  for (const std::string& line : made.lines) sizes.insert(fields_of(line).size());
  EXPECT_EQ(sizes, (std::set<std::size_t>{13, 15}));
}

TEST(Defects, TextStandsInANumberColumn) {
  for (const std::string& line : make(1, "text").lines) EXPECT_EQ(fields_of(line)[7], "4o.50");
}

TEST(Defects, QuotesAreOpenedAndNotClosed) {
  for (const std::string& line : make(1, "quote").lines)
    EXPECT_EQ(std::ranges::count(line, '"') % 2, 1) << line;
}

TEST(Defects, TheTruthIsOfReadableRows) {
  const Made whole = make(0, "text");
  EXPECT_EQ(make(0.5, "duplicate").summary.best_auc, whole.summary.best_auc);
  EXPECT_NE(make(0.5, "ragged").summary.best_auc, whole.summary.best_auc);
  EXPECT_TRUE(std::isnan(make(1, "text").summary.best_auc));
}

TEST(Defects, UnknownKindsAndSharesAreRefused) {
  try {
    make(0.1, "raged");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    EXPECT_NE(error.message().find("did you mean 'ragged'"), std::string::npos) << error.message();
  }
  EXPECT_THROW(make(-0.1, "text"), Error);
  EXPECT_THROW(make(1.1, "text"), Error);
  EXPECT_THROW(make(std::nan(""), "text"), Error);
}

}  // namespace
}  // namespace millrace
