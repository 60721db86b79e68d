#include "ingestion/quantile_passes.hpp"

#include <algorithm>
#include <cstring>

#include "ingestion/ingest.hpp"
#include "statistics/counted_numbers.hpp"
#include "statistics/quantiles.hpp"

namespace millrace {

namespace {

constexpr std::size_t kCountsInMemory = std::size_t{256} << 20U;

// Of the passes over a column of so many values.
unsigned digit_bits(std::uint64_t present) {
  return present <= kManyValues ? 8 : 16;
}

void present_values(const Column& column, const std::vector<std::uint8_t>& keep,
                    std::vector<double>& values) {
  values.clear();
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.is_valid(row) && (keep.empty() || keep[row] != 0)) values.push_back(column.number(row));
  }
}

// visit(i, values): the present values of column i in one shard of this rank.
template <class Visit>
void visit_shards(const Communicator& comm, std::size_t shards, const std::vector<std::string>& columns,
                  const ShardSource& source, const RowFilter& filter, Visit&& visit) {
  comm.agree([&] {
    std::vector<double> values;
    for (std::size_t s = 0; s < shards; ++s) {
      if (!owns_shard(comm, s)) continue;
      const DataShard data = source(s);
      const std::vector<std::uint8_t> keep = filter ? filter(s, data) : std::vector<std::uint8_t>();
      for (std::size_t i = 0; i < columns.size(); ++i) {
        present_values(data.table[columns[i]], keep, values);
        visit(i, values);
      }
    }
  });
}

template <class Wanted>
std::vector<std::string> names_of(std::span<const Wanted> wanted) {
  std::vector<std::string> names;
  for (const Wanted& one : wanted) names.push_back(one.column);
  return names;
}

bool is_few(const WantedQuantiles& wanted) {
  return wanted.present <= kFewValues;
}

// The values of this rank's shards of each column that has few, column behind column, each behind their
// number.
std::string few_values(const Communicator& comm, std::size_t shards, std::span<const WantedQuantiles> wanted,
                       const ShardSource& source, const RowFilter& filter) {
  std::vector<std::vector<double>> mine(wanted.size());
  visit_shards(comm, shards, names_of(wanted), source, filter,
               [&](std::size_t i, const std::vector<double>& values) {
                 if (is_few(wanted[i])) mine[i].insert(mine[i].end(), values.begin(), values.end());
               });
  std::vector<double> all;
  for (const std::vector<double>& values : mine) {
    all.push_back(static_cast<double>(values.size()));
    all.insert(all.end(), values.begin(), values.end());
  }
  return {reinterpret_cast<const char*>(all.data()), all.size() * sizeof(double)};
}

// All values of the columns that have few, sorted; none of the others. One pass, and no counts that would be
// larger than the column.
std::vector<std::vector<double>> sorted_few_values(const Communicator& comm, std::size_t shards,
                                                   std::span<const WantedQuantiles> wanted,
                                                   const ShardSource& source, const RowFilter& filter) {
  std::vector<std::vector<double>> all(wanted.size());
  if (std::ranges::none_of(wanted, is_few)) return all;
  for (const std::string& part : comm.all_gather(few_values(comm, shards, wanted, source, filter))) {
    std::vector<double> theirs(part.size() / sizeof(double));
    std::memcpy(theirs.data(), part.data(), part.size());
    auto next = theirs.begin();
    for (std::vector<double>& values : all) {
      const auto count = static_cast<std::ptrdiff_t>(*next++);
      values.insert(values.end(), next, next + count);
      next += count;
    }
  }
  for (std::vector<double>& values : all) {
    for (double& value : values) value += 0.0;  // −0 becomes 0
    std::ranges::sort(values);
  }
  return all;
}

std::vector<double> at_ranks(const std::vector<double>& sorted, const std::vector<std::uint64_t>& ranks) {
  std::vector<double> values;
  for (const std::uint64_t rank : ranks) values.push_back(sorted.at(rank));
  return values;
}

// The columns that have values, with how many. One pass.
std::vector<WantedQuantiles> count_present(const Communicator& comm, std::size_t shards,
                                           const std::map<std::string, std::vector<double>>& shares,
                                           const ShardSource& source, const RowFilter& filter) {
  std::vector<WantedQuantiles> wanted;
  for (const auto& [column, of_column] : shares) wanted.push_back({column, 0, of_column});
  std::vector<std::uint64_t> present(wanted.size());
  visit_shards(comm, shards, names_of(std::span<const WantedQuantiles>(wanted)), source, filter,
               [&](std::size_t i, const std::vector<double>& values) { present[i] += values.size(); });
  comm.all_reduce(std::span(present), Reduce::kSum);
  for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i].present = present[i];
  std::erase_if(wanted, [](const auto& one) { return one.present == 0 || one.shares.empty(); });
  return wanted;
}

}  // namespace

std::size_t columns_per_batch(std::size_t shares, std::uint64_t most_present) {
  const std::size_t of_prefix = sizeof(std::uint64_t) << digit_bits(most_present);
  const std::size_t of_column = most_present <= kFewValues ? (most_present + 1) * sizeof(double)
                                                           : 2 * std::max<std::size_t>(shares, 1) * of_prefix;
  return std::max<std::size_t>(1, kCountsInMemory / of_column);
}

std::vector<std::vector<double>> exact_quantiles(const Communicator& comm, std::size_t shards,
                                                 std::span<const WantedQuantiles> wanted,
                                                 const ShardSource& source, const RowFilter& filter) {
  const auto sorted = sorted_few_values(comm, shards, wanted, source, filter);
  std::vector<QuantileSelection> selections;
  for (const WantedQuantiles& one : wanted) {
    selections.emplace_back(
        is_few(one) ? std::vector<std::uint64_t>() : neighbour_ranks(one.shares, one.present),
        digit_bits(one.present));
  }
  const auto is_done = [](const QuantileSelection& selection) { return selection.done(); };
  while (!std::ranges::all_of(selections, is_done)) {
    visit_shards(comm, shards, names_of(wanted), source, filter,
                 [&](std::size_t i, const std::vector<double>& values) { selections[i].count(values); });
    for (QuantileSelection& selection : selections) {
      if (selection.done()) continue;
      comm.all_reduce(selection.counts(), Reduce::kSum);
      selection.refine();
    }
  }
  std::vector<std::vector<double>> results;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto& [column, present, of_column] = wanted[i];
    results.push_back(interpolate(of_column, present,
                                  is_few(wanted[i]) ? at_ranks(sorted[i], neighbour_ranks(of_column, present))
                                                    : selections[i].result()));
  }
  return results;
}

std::map<std::string, std::map<double, double>> column_quantiles(
    const Communicator& comm, std::size_t shards, const std::map<std::string, std::vector<double>>& shares,
    const ShardSource& source, const RowFilter& filter) {
  const std::vector<WantedQuantiles> wanted = count_present(comm, shards, shares, source, filter);
  std::size_t most = 0;
  std::uint64_t most_present = 0;
  for (const WantedQuantiles& one : wanted) {
    most = std::max(most, one.shares.size());
    most_present = std::max(most_present, one.present);
  }
  std::map<std::string, std::map<double, double>> quantiles;
  const std::size_t step = columns_per_batch(most, most_present);
  for (std::size_t first = 0; first < wanted.size(); first += step) {
    const auto batch = std::span(wanted).subspan(first, std::min(step, wanted.size() - first));
    const auto values = exact_quantiles(comm, shards, batch, source, filter);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      auto& of_column = quantiles[batch[i].column];
      for (std::size_t k = 0; k < values[i].size(); ++k) of_column[batch[i].shares[k]] = values[i][k];
    }
  }
  return quantiles;
}

}  // namespace millrace
