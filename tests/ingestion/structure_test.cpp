#include <utility>

#include <gtest/gtest.h>

#include "ingestion/reference_csv.hpp"
#include "ingestion/structure/kernels.hpp"

namespace millrace {
namespace {

struct Structure {
  std::vector<std::uint32_t> ends;
  std::vector<std::uint32_t> record_ends;
  std::vector<std::uint32_t> faults;
  QuoteState state = QuoteState::kReady;
  friend bool operator==(const Structure&, const Structure&) = default;
};

// In two stretches, cut at `cut`.
Structure structure_by(const StructureKernel& kernel, const std::string& text, std::size_t cut,
                       QuoteState state, const CsvBytes& bytes) {
  Structure found;
  for (auto* positions : {&found.ends, &found.record_ends, &found.faults})
    positions->resize(text.size() + 2 * kScanSlack);
  StructureScan scan{.text = text.data(), .size = cut, .bytes = bytes, .state = state};
  scan.ends = found.ends.data();
  scan.record_ends = found.record_ends.data();
  scan.faults = found.faults.data();
  kernel.scan(scan);
  scan.text += cut;
  scan.size = text.size() - cut;
  scan.first = static_cast<std::uint32_t>(cut);
  kernel.scan(scan);
  found.ends.resize(scan.end_count);
  found.record_ends.resize(scan.record_count);
  found.faults.resize(scan.fault_count);
  found.state = scan.state;
  return found;
}

// The rules of CSV, one byte after the other, with nothing in common with the kernels.
class Rules {
 public:
  Rules(QuoteState state, const CsvBytes& bytes) : bytes_(bytes) { found_.state = state; }

  void step(std::uint32_t at, char c) {
    const bool closed = std::exchange(closed_, false);
    found_.state = behind(at, c, closed);
  }
  [[nodiscard]] const Structure& found() const { return found_; }

 private:
  static bool is(char c, char wanted) { return wanted != '\0' && c == wanted; }
  [[nodiscard]] QuoteState next_field() const {
    return bytes_.comment == '\0' ? QuoteState::kReady : QuoteState::kMidRecord;
  }

  QuoteState behind(std::uint32_t at, char c, bool closed) {
    const QuoteState state = found_.state;
    const bool quote = bytes_.has_quote && c == bytes_.quote;
    if (state == QuoteState::kQuotedEscaped) return QuoteState::kQuoted;
    if (state == QuoteState::kQuoted) {
      closed_ = quote;
      if (is(c, bytes_.escape)) return QuoteState::kQuotedEscaped;
      return quote ? next_field() : state;
    }
    const bool in_comment =
        state == QuoteState::kComment || (state == QuoteState::kReady && is(c, bytes_.comment));
    const bool line_break = c == '\n' || c == '\r';
    if (in_comment && !line_break) return QuoteState::kComment;
    if (state == QuoteState::kEscaped) return QuoteState::kPlain;
    if (quote && state != QuoteState::kPlain) return QuoteState::kQuoted;
    if (line_break || c == bytes_.delimiter) {
      if (line_break) found_.record_ends.push_back(static_cast<std::uint32_t>(found_.ends.size()));
      found_.ends.push_back(at);
      return line_break ? QuoteState::kReady : next_field();
    }
    if (closed) found_.faults.push_back(at);
    return is(c, bytes_.escape) ? QuoteState::kEscaped : QuoteState::kPlain;
  }

  CsvBytes bytes_;
  Structure found_;
  bool closed_ = false;  // the byte before led out of quotes
};

Structure structure_of(const std::string& text, QuoteState state, const CsvBytes& bytes) {
  Rules rules(state, bytes);
  for (std::uint32_t i = 0; i < text.size(); ++i) rules.step(i, text[i]);
  return rules.found();
}

std::string any_text(CounterRandom& random) {
  const std::string rare = "abc 0123456789,";
  const std::size_t size = random.below(400);
  if (random.below(3) == 0) return testing_support::arbitrary_csv(random, size);
  if (random.below(2) == 0)
    return testing_support::arbitrary_csv(random, size,
                                          random.below(2) == 0 ? "\\\\\\,\"\na" : "##\\\",,\n\rab ");
  std::string text;
  while (text.size() < size) {
    text += random.below(30) == 0   ? "\""
            : random.below(40) == 0 ? "\\"
            : random.below(20) == 0 ? "\r\n"
            : random.below(40) == 0 ? "\n#"
                                    : std::string(1, rare[random.below(rare.size())]);
  }
  return text;
}

CsvBytes any_bytes(CounterRandom& random) {
  return {random.below(3) == 0 ? '1' : ',', '"', random.below(8) != 0, random.below(2) == 0 ? '\\' : '\0',
          random.below(2) == 0 ? '#' : '\0'};
}

std::vector<QuoteState> states_of(const CsvBytes& bytes) {
  std::vector<QuoteState> states{QuoteState::kReady, QuoteState::kPlain, QuoteState::kQuoted};
  if (bytes.escape != '\0') states.insert(states.end(), {QuoteState::kEscaped, QuoteState::kQuotedEscaped});
  if (bytes.comment != '\0') states.insert(states.end(), {QuoteState::kMidRecord, QuoteState::kComment});
  return states;
}

class StructureTest : public testing::TestWithParam<const StructureKernel*> {};

TEST_P(StructureTest, IsThatOfTheRules) {
  CounterRandom random(derive_key({7}));
  for (int round = 0; round < 4000; ++round) {
    const std::string text = any_text(random);
    const CsvBytes bytes = any_bytes(random);
    for (const QuoteState state : states_of(bytes)) {
      const Structure expected = structure_of(text, state, bytes);
      ASSERT_EQ(structure_by(*GetParam(), text, random.below(text.size() + 1), state, bytes), expected)
          << testing::PrintToString(text);
      ASSERT_EQ(GetParam()->advance(state, text.data(), text.size(), bytes), expected.state);
    }
  }
}

TEST_P(StructureTest, CountsLineBreaks) {
  CounterRandom random(derive_key({8}));
  for (int round = 0; round < 1000; ++round) {
    const std::string text = any_text(random);
    for (char before : {'\n', '\r', 'x'}) {
      std::uint64_t expected = 0;
      char previous = before;
      for (const char c : text) {
        expected += c == '\r' || (c == '\n' && previous != '\r') ? 1 : 0;
        previous = c;
      }
      ASSERT_EQ(GetParam()->line_breaks(before, text.data(), text.size()), expected)
          << testing::PrintToString(text);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kernels, StructureTest, testing::ValuesIn(structure_kernels()),
                         [](const auto& kernel) { return std::string(kernel.param->name); });

}  // namespace
}  // namespace millrace
