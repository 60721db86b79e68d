#include "ingestion/record_ends.hpp"

#include <gtest/gtest.h>

#include "ingestion/reference_csv.hpp"

namespace millrace {
namespace {

// Without escapes and comments, and with them.
std::vector<CsvDialect> dialects() {
  CsvDialect other;
  other.escape = '\\';
  other.comment = '#';
  return {CsvDialect(), other};
}
constexpr const char* kAlphabet = "\"\"\\\\#,,\n\n\rab";

TEST(Quotes, AdvanceComposesOverAnyCut) {
  CounterRandom random(derive_key({1}));
  for (const CsvDialect& dialect : dialects()) {
    for (int round = 0; round < 300; ++round) {
      const std::string text = testing_support::arbitrary_csv(random, 1 + random.below(150), kAlphabet);
      for (std::size_t start = 0; start < dialect.states(); ++start) {
        const auto state = static_cast<QuoteState>(start);
        const QuoteState whole = advance_quotes(state, text, dialect);
        for (std::size_t cut = 1; cut < text.size(); ++cut) {
          const QuoteState middle = advance_quotes(state, text.substr(0, cut), dialect);
          ASSERT_EQ(advance_quotes(middle, text.substr(cut), dialect), whole)
              << testing::PrintToString(text) << " cut at " << cut;
        }
      }
    }
  }
}

TEST(Quotes, LineBreaksAddUpOverAnyCut) {
  const std::string text = "a\r\n\r\r\n\nb\n\r";
  EXPECT_EQ(count_line_breaks('\n', text), 6U);
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    EXPECT_EQ(
        count_line_breaks('\n', text.substr(0, cut)) + count_line_breaks(text[cut - 1], text.substr(cut)),
        6U);
  }
}

TEST(Quotes, AQuoteOpensOnlyAtAFieldsBeginning) {
  const CsvDialect dialect;
  EXPECT_EQ(advance_quotes(QuoteState::kReady, "5\" pipe,x", dialect), QuoteState::kPlain);
  EXPECT_EQ(advance_quotes(QuoteState::kReady, "5,\"x", dialect), QuoteState::kQuoted);
  EXPECT_EQ(advance_quotes(QuoteState::kPlain, "\"", dialect), QuoteState::kPlain);
  EXPECT_EQ(advance_quotes(QuoteState::kQuoted, "\"", dialect), QuoteState::kReady);
  EXPECT_EQ(advance_quotes(QuoteState::kReady, "\"", dialect), QuoteState::kQuoted);
  EXPECT_EQ(advance_quotes(QuoteState::kQuoted, "\"x", dialect), QuoteState::kPlain);
}

TEST(RecordEnds, AreFoundInAnyPieces) {
  const CsvDialect dialect;
  const std::string text = "a,\"x\n\"\"y\",5\" z\nrest";
  for (std::size_t cut = 0; cut <= 16; ++cut) {
    RecordEndFinder finder(dialect, QuoteState::kReady, '\n', 1);
    std::size_t found = finder.find(text.substr(0, cut));
    if (found == std::string_view::npos) found = cut + finder.find(text.substr(cut));
    EXPECT_EQ(found, text.find("\nrest")) << cut;
    EXPECT_EQ(finder.line(), 2U);
    EXPECT_EQ(finder.opened_line(), 1U);
  }
}

// The end, the line and the last opening quote are those that the kernels and the reference know.
TEST(RecordEnds, AreThoseOfTheKernels) {
  CounterRandom random(derive_key({4}));
  for (int round = 0; round < 2000; ++round) {
    const CsvDialect dialect = dialects()[random.below(2)];
    const std::string text = testing_support::arbitrary_csv(random, 1 + random.below(60), kAlphabet);
    RecordEndFinder finder(dialect, QuoteState::kReady, '\n', 1);
    const std::size_t cut = random.below(text.size());
    std::size_t found = finder.find(text.substr(0, cut));
    if (found == std::string::npos) {
      found = finder.find(text.substr(cut));
      if (found != std::string::npos) found += cut;
    }
    std::vector<std::uint32_t> ends(text.size() + kScanSlack), records(ends), faults(ends);
    StructureScan scan{.text = text.data(), .size = text.size(), .bytes = dialect.bytes()};
    scan.ends = ends.data();
    scan.record_ends = records.data();
    scan.faults = faults.data();
    structure_kernel().scan(scan);
    const std::size_t expected = scan.record_count > 0 ? ends[records[0]] : std::string::npos;
    ASSERT_EQ(found, expected) << testing::PrintToString(text);
    ASSERT_EQ(finder.line(), 1 + count_line_breaks('\n', text.substr(0, found)))
        << testing::PrintToString(text);
    if (found == std::string::npos) {
      ASSERT_EQ(finder.in_quotes(), is_in_quotes(scan.state));
    }
  }
}

}  // namespace
}  // namespace millrace
