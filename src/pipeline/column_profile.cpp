#include "pipeline/column_profile.hpp"

#include <algorithm>
#include <cmath>

#include "ingestion/ingest.hpp"
#include "ingestion/quantile_passes.hpp"

namespace millrace {

namespace {

std::vector<double> bin_shares() {
  std::vector<double> shares;
  for (std::size_t i = 0; i <= kProfileBins; ++i)
    shares.push_back(static_cast<double>(i) / static_cast<double>(kProfileBins));
  return shares;
}

// Bins are closed below; the last one is closed above too. Quantiles that are equal are one edge.
struct Bins {
  std::vector<double> quantiles;
  std::vector<double> edges;
  std::vector<std::uint64_t> counts;

  Bins() = default;
  explicit Bins(std::vector<double> of_values) : quantiles(std::move(of_values)), edges(quantiles) {
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    if (edges.size() == 1) edges.push_back(edges.front());
    counts.resize(edges.size() - 1);
  }
  void add(double value, std::uint64_t times) {
    const auto above = std::upper_bound(edges.begin() + 1, edges.end() - 1, value);
    counts[static_cast<std::size_t>(above - edges.begin()) - 1] += times;
  }
};

using BinsByColumn = std::map<std::string, Bins>;

// Of a column whose different values are all counted.
Bins counted_bins(const ColumnStatistics& statistics) {
  const CountedNumbers numbers = statistics.distinct.numbers();
  Bins bins(quantiles_of(numbers, {"", statistics.present(), bin_shares()}));
  for (const auto& [value, count] : numbers) bins.add(value, count);
  return bins;
}

void count_values(const Communicator& comm, std::size_t shards, const ShardSource& source,
                  const RowFilter& filter, BinsByColumn& all) {
  comm.agree([&] {
    for (std::size_t i = 0; i < shards; ++i) {
      if (!owns_shard(comm, i)) continue;
      const DataShard data = source(i);
      const std::vector<std::uint8_t> keep = filter ? filter(i, data) : std::vector<std::uint8_t>();
      for (auto& [name, bins] : all) {
        const Column& column = data.table[name];
        for (std::size_t row = 0; row < column.size(); ++row) {
          if (column.is_valid(row) && (keep.empty() || keep[row] != 0)) bins.add(column.number(row), 1);
        }
      }
    }
  });
  for (auto& [name, bins] : all) comm.all_reduce(std::span(bins.counts), Reduce::kSum);
}

BinsByColumn make_bins(const Communicator& comm, std::size_t shards,
                       const std::map<std::string, ColumnStatistics>& statistics, const ShardSource& source,
                       const RowFilter& filter) {
  BinsByColumn bins;
  BinsByColumn uncounted;
  std::map<std::string, std::vector<double>> shares;
  for (const auto& [name, column] : statistics) {
    if (!is_numeric(column.type) || column.present() == 0) continue;
    column.distinct.exact() ? void(bins.emplace(name, counted_bins(column)))
                            : void(shares.emplace(name, bin_shares()));
  }
  if (shares.empty()) return bins;
  for (const auto& [name, values] : column_quantiles(comm, shards, shares, source, filter)) {
    std::vector<double> quantiles;
    for (const auto& [share, value] : values) quantiles.push_back(value);
    uncounted.emplace(name, Bins(std::move(quantiles)));
  }
  count_values(comm, shards, source, filter, uncounted);
  bins.merge(uncounted);
  return bins;
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

Json describe(const Field& field, const ColumnStatistics& statistics, const BinsByColumn& bins) {
  Json column{{"name", field.name},
              {"type", field.type},
              {"rows", statistics.rows},
              {"missing", statistics.missing},
              {"distinct", statistics.distinct.count()}};
  const auto found = bins.find(field.name);
  if (found != bins.end()) {
    column["min"] = statistics.min;
    column["max"] = statistics.max;
    column["mean"] = finite(statistics.mean);
    column["deviation"] = finite(statistics.standard_deviation());
    column["quantiles"] = found->second.quantiles;
    column["bins"] = {{"edges", found->second.edges}, {"rows", found->second.counts}};
  }
  const bool counted = statistics.distinct.exact();
  const bool few = statistics.distinct.count() <= kProfileLevels;
  if (counted && (few || !is_numeric(field.type))) column.update(levels_of(statistics));
  return column;
}

}  // namespace

Json profile_columns(const Communicator& comm, std::size_t shards, const Schema& schema,
                     const ShardSource& source, const RowFilter& filter) {
  const auto statistics = column_statistics(comm, shards, schema, source, filter);
  const BinsByColumn bins = make_bins(comm, shards, statistics, source, filter);
  return comm.agree([&] {
    Json columns = Json::array();
    for (const Field& field : schema) columns.push_back(describe(field, statistics.at(field.name), bins));
    return columns;
  });
}

}  // namespace millrace
