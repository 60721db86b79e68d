#include "validation/column_changes.hpp"

#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "base/text.hpp"
#include "validation/fixture.hpp"

namespace millrace {
namespace {

using namespace testing;

using Draw = std::function<std::string(CounterRandom&)>;

ColumnProfile day(ColumnType type, std::size_t rows, std::uint64_t seed, const Draw& draw) {
  CounterRandom random(seed);
  std::vector<std::string> values;
  for (std::size_t row = 0; row < rows; ++row) values.push_back(draw(random));
  return profile_of(make_column(type, values));
}

std::string skewed(CounterRandom& random) {
  const double x = random.normal();
  return fmt::format("{:.3f}", x * x * x);
}

std::string few_levels(CounterRandom& random) {
  const std::uint64_t level = random.below(12);
  return level == 11 ? "" : fmt::format("level {}", level * level / 20);
}

// Many of them rare, some not seen on any one day.
std::string many_levels(CounterRandom& random) {
  return fmt::format("{:.0f}", 1 / (0.0005 + random.uniform()));
}

std::vector<std::string> failed(const std::vector<CheckResult>& results) {
  std::vector<std::string> names;
  for (const CheckResult& result : results) {
    if (!result.passed) names.push_back(result.check);
  }
  return names;
}

std::vector<std::string> changes(const ColumnProfile& before, const ColumnProfile& now,
                                 const ReferenceRules& rules = {}) {
  return failed(column_changes(rules, "x", before, now));
}

TEST(ColumnChanges, ChanceAloneIsNoChangeWhateverTheLimits) {
  ReferenceRules rules;
  rules.missing = rules.unseen = rules.repeated = rules.shift = 0;
  const std::vector<std::pair<ColumnType, Draw>> columns{
      {ColumnType::kReal, skewed},
      {ColumnType::kText, few_levels},
      {ColumnType::kText, many_levels},
      {ColumnType::kInteger, [](CounterRandom& random) { return std::to_string(random.below(1U << 30U)); }},
      {ColumnType::kInteger, [](CounterRandom& random) { return std::to_string(random.below(3)); }},
      {ColumnType::kBoolean, [](CounterRandom& random) { return random.below(90) == 0 ? "true" : "false"; }}};
  for (const auto& [type, draw] : columns) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      const std::size_t rows = 40 + seed * 20;
      const auto found =
          changes(day(type, rows, 2 * seed, draw), day(type, 3000 / seed + 5, 2 * seed + 1, draw), rules);
      EXPECT_TRUE(found.empty()) << to_string(type) << " seed " << seed << ": " << join(found, ", ");
    }
  }
}

TEST(ColumnChanges, FindsScaledAndShiftedNumbers) {
  const ColumnProfile before = day(ColumnType::kReal, 2000, 1, skewed);
  const ColumnProfile scaled = day(ColumnType::kReal, 2000, 2, [](CounterRandom& random) {
    return fmt::format("{}", 100 * std::stod(skewed(random)));
  });
  EXPECT_EQ(changes(before, scaled), (std::vector<std::string>{"unseen", "shift"}));
  const ColumnProfile shifted = day(ColumnType::kReal, 2000, 2, [](CounterRandom& random) {
    return fmt::format("{}", 1 + std::stod(skewed(random)));
  });
  EXPECT_EQ(changes(before, shifted), (std::vector<std::string>{"shift"}));
}

TEST(ColumnChanges, FindsAFewValuesFarOutside) {
  const auto with = [](const char* word) {
    return day(ColumnType::kReal, 3000, 2,
               [&](CounterRandom& random) { return random.below(20) == 0 ? word : skewed(random); });
  };
  const ColumnProfile before = day(ColumnType::kReal, 3000, 1, skewed);
  EXPECT_EQ(changes(before, with("-999")), (std::vector<std::string>{"unseen"}));
  EXPECT_EQ(changes(before, with("")), (std::vector<std::string>{"missing_change"}));
  EXPECT_TRUE(changes(before, with("0")).empty());
}

TEST(ColumnChanges, FindsRecodedLevelsAndOthersShares) {
  const ColumnProfile before = day(ColumnType::kText, 2000, 1, few_levels);
  const ColumnProfile recoded = day(ColumnType::kText, 2000, 2, [](CounterRandom& random) {
    const std::string level = few_levels(random);
    return level == "level 0" ? "LEVEL 0" : level;
  });
  EXPECT_EQ(changes(before, recoded), (std::vector<std::string>{"unseen", "shift"}));
  const ColumnProfile other_shares = day(ColumnType::kText, 2000, 2, [](CounterRandom& random) {
    return random.below(3) == 0 ? "level 1" : few_levels(random);
  });
  EXPECT_EQ(changes(before, other_shares), (std::vector<std::string>{"shift"}));
}

TEST(ColumnChanges, FindsAColumnThatHasStoppedVarying) {
  const auto flags = [](std::uint64_t of) {
    return [of](CounterRandom& random) { return random.below(of) == 0 ? "1" : "0"; };
  };
  const auto zeros = [](CounterRandom&) { return "0"; };
  const ColumnProfile now = day(ColumnType::kInteger, 1000, 2, zeros);
  EXPECT_EQ(changes(day(ColumnType::kInteger, 1000, 1, flags(20)), now),
            (std::vector<std::string>{"constant"}));
  EXPECT_TRUE(changes(day(ColumnType::kInteger, 1000, 1, flags(500)), now).empty()) << "can happen";
}

// Beyond the exact counts distributions are known between bounds.
TEST(ColumnChanges, FindsScaledNumbersAmongMoreValuesThanAreCounted) {
  const std::size_t rows = DistinctCounter::kExactLimit + 9000;
  const auto times = [&](double scale, std::uint64_t seed) {
    return day(ColumnType::kReal, rows, seed,
               [&](CounterRandom& random) { return fmt::format("{}", scale * (1 + random.uniform())); });
  };
  EXPECT_FALSE(times(1, 1).statistics.distinct.exact());
  EXPECT_TRUE(changes(times(1, 1), times(1, 2)).empty());
  EXPECT_EQ(changes(times(1, 1), times(1.5, 2)), (std::vector<std::string>{"unseen", "shift"}));
}

TEST(ColumnChanges, LetDatesAndIdentifiersGoOn) {
  const auto numbered = [](ColumnType type, int first) {
    std::vector<std::string> values;
    for (int i = 0; i < 900; ++i) {
      const int n = first + i;
      values.push_back(type == ColumnType::kDate ? fmt::format("20{:02}-01-{:02}", n / 28, 1 + n % 28)
                                                 : std::to_string(n));
    }
    return profile_of(make_column(type, values));
  };
  for (const ColumnType type : {ColumnType::kInteger, ColumnType::kText, ColumnType::kDate}) {
    EXPECT_TRUE(changes(numbered(type, 0), numbered(type, 900)).empty()) << to_string(type);
  }
}

TEST(ColumnChanges, AnswerForColumnsWithoutValuesAndWithoutRows) {
  const auto empty = [](CounterRandom&) { return ""; };
  const ColumnProfile none = day(ColumnType::kReal, 0, 1, empty);
  const ColumnProfile missing = day(ColumnType::kReal, 2000, 1, empty);
  const ColumnProfile some = day(ColumnType::kReal, 2000, 1, skewed);
  EXPECT_TRUE(changes(none, some).empty());
  EXPECT_TRUE(changes(some, none).empty());
  EXPECT_EQ(changes(some, missing), (std::vector<std::string>{"missing_change"}));
  EXPECT_EQ(changes(missing, some), (std::vector<std::string>{"missing_change"}));
}

}  // namespace
}  // namespace millrace
