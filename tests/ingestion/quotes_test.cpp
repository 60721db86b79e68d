#include "ingestion/quotes.hpp"

#include <gtest/gtest.h>

#include "ingestion/reference_csv.hpp"

namespace millrace {
namespace {

TEST(Quotes, AdvanceComposesOverAnyCut) {
  const CsvDialect dialect;
  CounterRandom random(derive_key({1}));
  for (int round = 0; round < 500; ++round) {
    const std::string text = testing_support::arbitrary_csv(random, 1 + random.below(30));
    for (const QuoteState start : {QuoteState::kOutside, QuoteState::kInside, QuoteState::kAfterQuote}) {
      const QuoteState whole = advance_quotes(start, ',', text, dialect);
      for (std::size_t cut = 1; cut < text.size(); ++cut) {
        const std::string_view head = std::string_view(text).substr(0, cut);
        const QuoteState middle = advance_quotes(start, ',', head, dialect);
        ASSERT_EQ(advance_quotes(middle, head.back(), text.substr(cut), dialect), whole)
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
  EXPECT_EQ(advance_quotes(QuoteState::kOutside, '\n', "5\" pipe,x", dialect), QuoteState::kOutside);
  EXPECT_EQ(advance_quotes(QuoteState::kOutside, '\n', "5,\"x", dialect), QuoteState::kInside);
  EXPECT_EQ(advance_quotes(QuoteState::kOutside, 'x', "\"", dialect), QuoteState::kOutside);
  EXPECT_EQ(advance_quotes(QuoteState::kInside, 'x', "\"", dialect), QuoteState::kAfterQuote);
  EXPECT_EQ(advance_quotes(QuoteState::kAfterQuote, '"', "\"", dialect), QuoteState::kInside);
}

}  // namespace
}  // namespace millrace
