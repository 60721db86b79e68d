#include "ingestion/dataset_profile.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "ingestion/ingest.hpp"
#include "ingestion/kept_values.hpp"
#include "ingestion/merge_buckets.hpp"
#include "statistics/bucketed_numbers.hpp"
#include "storage/data_shard.hpp"

namespace millrace {

namespace {

// Of one column in one pass: with kValuesGroup columns at a time, 256 MiB at most.
constexpr std::size_t kMostValues = 65536;
// A quantile may move by so many ranks, one in 1024, before other values are wanted than are kept.
constexpr std::uint64_t kSlackShare = 1024;

EqualBins bins_of(const ColumnStatistics& statistics) {
  return {statistics.min, statistics.max, kHistogramBins};
}

void finish(const CountedNumbers& numbers, ColumnProfile& profile) {
  profile.quantiles = quantiles_of(numbers, kProfileQuantiles);
  profile.histogram = histogram_of(numbers, bins_of(profile.statistics));
  profile.statistics.distinct.forget_buckets();
}

// Before a pass has counted any, one by one as long as there are not too many.
BucketCounts no_values() {
  return BucketCounts(kMostValues, 64);
}

// A column whose values are not all counted.
struct UncountedColumn {
  std::string name;
  BucketedNumbers numbers;
  KeyRanges needed;  // in this pass
  BucketCounts found;
  std::uint64_t shards_read = 0;

  void begin_pass() {
    needed = numbers.needed();
    found = no_values();
  }
  void count(const BitCounts& values) {
    for (const auto& [key, times] : values) {
      if (needed.contains(key)) found.add(key, times);
    }
  }
};
using UncountedColumns = std::vector<UncountedColumn>;

class ColumnPasses {
 public:
  ColumnPasses(const Communicator& comm, const Dataset& dataset, const Workspace& workspace, bool keep)
      : comm_(&comm), dataset_(&dataset), workspace_(&workspace), keep_(keep) {}

  // Refines all of them, which are of one group, until their quantiles and histograms are known.
  void run(std::size_t group, UncountedColumns& columns) const {
    while (true) {
      std::vector<UncountedColumn*> open;
      for (UncountedColumn& column : columns) {
        column.begin_pass();
        if (!column.needed.empty()) open.push_back(&column);
      }
      if (open.empty()) return;
      comm_->agree([&] {
        for (const std::size_t shard : owned_shards(*comm_, dataset_->shards.size()))
          count_shard(dataset_->shards[shard].object, group, open);
      });
      std::vector<BucketCounts*> found;
      for (UncountedColumn* column : open) found.push_back(&column->found);
      merge_over_ranks(*comm_, no_values(), found);
      for (UncountedColumn* column : open) column->numbers.refine(column->needed, column->found);
    }
  }

 private:
  void count_shard(const Digest& shard, std::size_t group, const std::vector<UncountedColumn*>& open) const {
    std::map<std::string, KeptValues> known;
    if (keep_) known = find_values(shard, group, *workspace_);
    std::vector<UncountedColumn*> unknown;
    for (UncountedColumn* column : open) {
      const auto kept = known.find(column->name);
      if (kept == known.end() || !kept->second.ranges.cover(column->needed)) unknown.push_back(column);
    }
    if (!unknown.empty()) {
      read_values(shard, unknown, known);
      if (keep_) keep_values(shard, group, known, *workspace_);
    }
    for (UncountedColumn* column : open) column->count(known.at(column->name).values);
  }

  void read_values(const Digest& shard, const std::vector<UncountedColumn*>& columns,
                   std::map<std::string, KeptValues>& known) const {
    std::vector<std::string> names;
    for (const UncountedColumn* column : columns) names.push_back(column->name);
    const DataShard data = read_data_shard(workspace_->object_path(shard), names);
    for (UncountedColumn* column : columns) {
      const KeyRanges wanted = column->numbers.needed(column->numbers.present() / kSlackShare);
      known[column->name] = values_within(data.table[column->name], wanted);
      ++column->shards_read;
    }
  }

  const Communicator* comm_;
  const Dataset* dataset_;
  const Workspace* workspace_;
  bool keep_;
};

// Of the columns `indices`, which are of one group.
void profile_group(const Communicator& comm, const Dataset& dataset, const ColumnPasses& passes,
                   std::span<const std::size_t> indices, DatasetProfile& profile) {
  UncountedColumns columns;
  for (const std::size_t i : indices) {
    const ColumnStatistics& statistics = profile.columns[i].statistics;
    columns.push_back({dataset.schema[i].name,
                       BucketedNumbers(statistics.distinct.buckets(), bins_of(statistics), kProfileQuantiles),
                       {},
                       no_values()});
    if (columns.back().numbers.present() != statistics.present())
      throw internal_error("of {} values of column '{}' {} were counted by buckets", statistics.present(),
                           columns.back().name, columns.back().numbers.present());
  }
  passes.run(indices.front() / kValuesGroup, columns);
  for (std::size_t k = 0; k < columns.size(); ++k) {
    finish(columns[k].numbers.numbers(), profile.columns[indices[k]]);
    profile.read[columns[k].name] = comm.all_reduce(columns[k].shards_read, Reduce::kSum);
  }
}

}  // namespace

DatasetProfile profile_dataset(const Communicator& comm, const Dataset& dataset,
                               std::vector<ColumnStatistics> statistics, const Workspace& workspace,
                               bool keep) {
  DatasetProfile profile;
  std::map<std::size_t, std::vector<std::size_t>> uncounted;  // by group
  for (std::size_t i = 0; i < statistics.size(); ++i) {
    profile.columns.push_back({std::move(statistics[i]), {}, {}});
    ColumnProfile& column = profile.columns.back();
    if (!is_numeric(dataset.schema[i].type) || column.statistics.present() == 0) continue;
    column.statistics.distinct.exact() ? finish(column.statistics.distinct.numbers(), column)
                                       : uncounted[i / kValuesGroup].push_back(i);
  }
  const ColumnPasses passes(comm, dataset, workspace, keep);
  for (const auto& [group, indices] : uncounted) profile_group(comm, dataset, passes, indices, profile);
  return profile;
}

}  // namespace millrace
