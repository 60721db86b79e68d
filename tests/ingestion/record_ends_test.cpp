#include "ingestion/record_ends.hpp"

#include <gtest/gtest.h>

#include "ingestion/reference_csv.hpp"

namespace millrace {
namespace {

TEST(Quotes, AdvanceComposesOverAnyCut) {
  const CsvDialect dialect;
  CounterRandom random(derive_key({1}));
  for (int round = 0; round < 500; ++round) {
    const std::string text = testing_support::arbitrary_csv(random, 1 + random.below(150));
    for (const QuoteState start : {QuoteState::kReady, QuoteState::kPlain, QuoteState::kQuoted}) {
      const QuoteState whole = advance_quotes(start, text, dialect);
      for (std::size_t cut = 1; cut < text.size(); ++cut) {
        const QuoteState middle = advance_quotes(start, text.substr(0, cut), dialect);
        ASSERT_EQ(advance_quotes(middle, text.substr(cut), dialect), whole)
            << testing::PrintToString(text) << " cut at " << cut;
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

}  // namespace
}  // namespace millrace
