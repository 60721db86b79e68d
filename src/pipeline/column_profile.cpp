#include "pipeline/column_profile.hpp"

#include <algorithm>
#include <cmath>

#include "drift/column_distribution.hpp"
#include "ingestion/ingest.hpp"
#include "statistics/counted_numbers.hpp"

namespace millrace {

namespace {

// 5 % apart; what the report shows.
std::vector<double> bin_shares() {
  std::vector<double> shares;
  for (std::size_t i = 0; i <= kProfileBins; ++i)
    shares.push_back(static_cast<double>(i) / static_cast<double>(kProfileBins));
  return shares;
}

// Those and more at both ends, where a distribution's tails are.
std::vector<double> grid_shares() {
  std::vector<double> shares = bin_shares();
  for (const double tail : {0.0001, 0.001, 0.005, 0.01, 0.02}) shares.insert(shares.end(), {tail, 1 - tail});
  std::ranges::sort(shares);
  return shares;
}

struct ProfiledNumbers {
  std::vector<double> quantiles;  // at bin_shares()
  NumberDistribution distribution;
};
using NumbersByColumn = std::map<std::string, ProfiledNumbers>;

// Of a column whose different values are all counted.
ProfiledNumbers counted_numbers(const ColumnStatistics& statistics) {
  const CountedNumbers numbers = statistics.distinct.numbers();
  ProfiledNumbers profiled{quantiles_of(numbers, bin_shares()), {}};
  for (const auto& [value, count] : numbers) {
    profiled.distribution.points.push_back(value);
    profiled.distribution.at.push_back(count);
  }
  return profiled;
}

// Neighbouring quantiles with evenly spaced points between them, kReferenceGaps gaps at most.
NumberDistribution grid_between(const std::map<double, double>& quantiles) {
  NumberDistribution grid;
  const std::size_t steps = kReferenceGaps / (quantiles.size() - 1);
  for (const auto& [share, value] : quantiles) {
    if (!grid.points.empty()) {
      const double from = grid.points.back();
      for (std::size_t i = 1; i < steps && value > from; ++i)
        grid.points.push_back(from + (value - from) * static_cast<double>(i) / static_cast<double>(steps));
    }
    grid.points.push_back(value);
  }
  grid.points.erase(std::unique(grid.points.begin(), grid.points.end()), grid.points.end());
  grid.at.resize(grid.points.size());
  grid.between.resize(grid.points.size() - 1);
  return grid;
}

void count_value(NumberDistribution& grid, double value) {
  const auto found = std::ranges::lower_bound(grid.points, value);
  const auto i = static_cast<std::size_t>(found - grid.points.begin());
  *found == value ? ++grid.at[i] : ++grid.between[i - 1];
}

// Fills the grids, whose ends are the least and the largest value.
void count_values(const Communicator& comm, std::size_t shards, const ShardSource& source,
                  const RowFilter& filter, NumbersByColumn& all) {
  comm.agree([&] {
    for (std::size_t i = 0; i < shards; ++i) {
      if (!owns_shard(comm, i)) continue;
      const DataShard data = source(i);
      const std::vector<std::uint8_t> keep = filter ? filter(i, data) : std::vector<std::uint8_t>();
      for (auto& [name, numbers] : all) {
        const Column& column = data.table[name];
        for (std::size_t row = 0; row < column.size(); ++row) {
          if (column.is_valid(row) && (keep.empty() || keep[row] != 0))
            count_value(numbers.distribution, column.number(row));
        }
      }
    }
  });
  for (auto& [name, numbers] : all) {
    comm.all_reduce(std::span(numbers.distribution.at), Reduce::kSum);
    comm.all_reduce(std::span(numbers.distribution.between), Reduce::kSum);
  }
}

NumbersByColumn profile_numbers(const Communicator& comm, std::size_t shards,
                                const std::map<std::string, ColumnStatistics>& statistics,
                                const ShardSource& source, const RowFilter& filter) {
  NumbersByColumn numbers;
  NumbersByColumn uncounted;
  std::map<std::string, std::vector<double>> shares;
  for (const auto& [name, column] : statistics) {
    if (!is_numeric(column.type) || column.present() == 0) continue;
    column.distinct.exact() ? void(numbers.emplace(name, counted_numbers(column)))
                            : void(shares.emplace(name, grid_shares()));
  }
  if (shares.empty()) return numbers;
  for (const auto& [name, quantiles] : column_quantiles(comm, shards, shares, source, filter)) {
    ProfiledNumbers profiled{{}, grid_between(quantiles)};
    for (const double share : bin_shares()) profiled.quantiles.push_back(quantiles.at(share));
    uncounted.emplace(name, std::move(profiled));
  }
  count_values(comm, shards, source, filter, uncounted);
  numbers.merge(uncounted);
  return numbers;
}

// Bins are closed below; the last one is closed above too. Quantiles that are equal are one edge.
Json bins_of(const ProfiledNumbers& numbers) {
  std::vector<double> edges = numbers.quantiles;
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  if (edges.size() == 1) edges.push_back(edges.front());
  const CumulativeRows rows(numbers.distribution);
  std::vector<std::uint64_t> counts;
  double before = 0;
  for (std::size_t i = 1; i < edges.size(); ++i) {
    const double below = i + 1 == edges.size() ? rows.rows() : rows.below(edges[i]);
    counts.push_back(static_cast<std::uint64_t>(below - before));
    before = below;
  }
  return {{"edges", edges}, {"rows", counts}};
}

// The most frequent levels, as many as are kept; none where they were not counted.
LevelDistribution kept_levels(const ColumnStatistics& statistics, std::size_t limit) {
  LevelDistribution levels;
  levels.other = statistics.present();
  for (const auto& [value, count] : statistics.distinct.most_frequent(limit)) {
    levels.rows.emplace(value, count);
    levels.other -= count;
  }
  return levels;
}

ColumnDistribution distribution_of(const Field& field, const ColumnStatistics& statistics,
                                   const NumbersByColumn& numbers, std::size_t limit) {
  ColumnDistribution column{field.name, field.type, statistics.rows, statistics.missing, {}, {}};
  if (column.of_levels()) {
    column.levels = kept_levels(statistics, limit);
  } else if (const auto found = numbers.find(field.name); found != numbers.end()) {
    const NumberDistribution& all = found->second.distribution;
    column.numbers = all.points.size() > limit ? compacted(all, kReferenceGaps) : all;
  }
  return column;
}

Json levels_of(const ColumnStatistics& statistics) {
  Json levels = Json::array();
  std::uint64_t counted = 0;
  for (const auto& [value, count] : statistics.distinct.most_frequent(kProfileLevels)) {
    levels.push_back({{"value", value}, {"rows", count}});
    counted += count;
  }
  return {{"levels", levels}, {"other", statistics.present() - counted}};
}

// What is beyond a double is not known.
Json finite(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json describe(const Field& field, const ColumnStatistics& statistics, const NumbersByColumn& numbers) {
  Json column{{"name", field.name},
              {"type", field.type},
              {"rows", statistics.rows},
              {"missing", statistics.missing},
              {"distinct", statistics.distinct.count()}};
  const auto found = numbers.find(field.name);
  if (found != numbers.end()) {
    column["min"] = statistics.min;
    column["max"] = statistics.max;
    column["mean"] = finite(statistics.mean);
    column["deviation"] = finite(statistics.standard_deviation());
    column["quantiles"] = found->second.quantiles;
    column["bins"] = bins_of(found->second);
  }
  const bool counted = statistics.distinct.exact();
  const bool few = statistics.distinct.count() <= kProfileLevels;
  if (counted && (few || !is_numeric(field.type))) column.update(levels_of(statistics));
  return column;
}

}  // namespace

ColumnProfiles profile_columns(const Communicator& comm, std::size_t shards, const Schema& schema,
                               const ShardSource& source, const RowFilter& filter) {
  const auto statistics = column_statistics(comm, shards, schema, source, filter);
  const NumbersByColumn numbers = profile_numbers(comm, shards, statistics, source, filter);
  return comm.agree([&] {
    ColumnProfiles profiles;
    for (const Field& field : schema) {
      profiles.columns.push_back(describe(field, statistics.at(field.name), numbers));
      profiles.distributions.push_back(
          distribution_of(field, statistics.at(field.name), numbers, kept_values(schema.size())));
    }
    return profiles;
  });
}

}  // namespace millrace
