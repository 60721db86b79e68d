// A table with a column of every type, with missing values, for properties that must hold whatever the data.
#pragma once

#include "base/random.hpp"
#include "features/fixture.hpp"

namespace millrace::testing {

inline std::vector<std::string> drawn(std::size_t rows, std::uint64_t key,
                                      const std::function<std::string(CounterRandom&)>& draw) {
  CounterRandom random(key);
  std::vector<std::string> values;
  for (std::size_t row = 0; row < rows; ++row) {
    const bool missing = random.below(7) == 0;
    std::string value = draw(random);
    values.push_back(missing ? "" : value);
  }
  return values;
}

inline Table mixed_table(std::size_t rows, std::uint64_t seed = 1) {
  const auto below = [](std::uint64_t bound) {
    return [bound](CounterRandom& random) { return std::to_string(random.below(bound)); };
  };
  const auto name = [](std::uint64_t bound) {
    return [bound](CounterRandom& random) { return "level " + std::to_string(random.below(bound)); };
  };
  Table table = make_table_of(
      {{"flag", ColumnType::kBoolean,
        drawn(rows, seed, [](CounterRandom& random) { return random.below(2) ? "true" : "false"; })},
       {"count", ColumnType::kInteger, drawn(rows, seed + 1, below(1000))},
       {"amount", ColumnType::kReal,
        drawn(rows, seed + 2,
              [](CounterRandom& random) { return fmt::format("{}", 1e4 * random.normal()); })},
       {"day", ColumnType::kDate,
        drawn(rows, seed + 3,
              [](CounterRandom& random) { return fmt::format("2024-02-{:02}", 1 + random.below(29)); })},
       {"time", ColumnType::kTimestamp,
        drawn(
            rows, seed + 4,
            [](CounterRandom& random) { return fmt::format("2024-02-03T04:{:02}:00Z", random.below(60)); })},
       {"few", ColumnType::kText, drawn(rows, seed + 5, name(5))},
       {"many", ColumnType::kText, drawn(rows, seed + 6, name(90))},
       {"code", ColumnType::kInteger, drawn(rows, seed + 7, below(40))},
       {"target", ColumnType::kText, {}}});
  CounterRandom random(seed + 8);
  TextAppender target(table.columns.back());
  for (std::size_t row = 0; row < rows; ++row)
    target.append(row % 2 == 0 || random.below(3) == 0 ? "no" : "yes");
  return table;
}

// Every kind of step: clip, log1p and bins; one-hot, embedding, integers as categories.
inline FeaturesConfig mixed_config() {
  FeaturesConfig config;
  config.columns["amount"].numeric.clip = {0.05, 0.95};
  config.columns["amount"].numeric.log1p = true;
  config.columns["amount"].numeric.bins = 7;
  config.columns["count"].numeric.impute = "mean";
  config.columns["code"].kind = "categorical";
  return config;
}

}  // namespace millrace::testing
