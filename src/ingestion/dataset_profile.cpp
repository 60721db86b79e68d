#include "ingestion/dataset_profile.hpp"

#include <algorithm>
#include <iterator>

#include "ingestion/quantile_passes.hpp"

namespace millrace {

namespace {

WantedQuantiles wanted_quantiles(const std::string& column, const ColumnStatistics& statistics) {
  return {column, statistics.present(), {std::begin(kProfileQuantiles), std::end(kProfileQuantiles)}};
}

// Of a column whose values are all counted.
void profile_counted(ColumnProfile& profile) {
  const ColumnStatistics& statistics = profile.statistics;
  const CountedNumbers numbers = statistics.distinct.numbers();
  profile.quantiles = quantiles_of(numbers, wanted_quantiles("", statistics));
  profile.histogram = histogram_of(numbers, {"", statistics.min, statistics.max}, kHistogramBins);
}

// Quantiles and histograms of the columns at `batch`, which all have values.
void profile_batch(const Communicator& comm, const Dataset& dataset, std::span<const std::size_t> batch,
                   const Workspace& workspace, std::vector<ColumnProfile>& profile) {
  std::vector<std::string> names;
  std::vector<WantedQuantiles> quantiles;
  std::vector<WantedHistogram> bins;
  for (const std::size_t i : batch) {
    const ColumnStatistics& statistics = profile[i].statistics;
    names.push_back(dataset.schema[i].name);
    quantiles.push_back(wanted_quantiles(names.back(), statistics));
    bins.push_back({names.back(), statistics.min, statistics.max});
  }
  const ShardSource source = [&](std::size_t shard) {
    return read_data_shard(workspace.object_path(dataset.shards[shard].object), names);
  };
  const std::size_t shards = dataset.shards.size();
  auto values = exact_quantiles(comm, shards, quantiles, source, {});
  auto counts = histograms(comm, shards, kHistogramBins, bins, source);
  for (std::size_t k = 0; k < batch.size(); ++k) {
    profile[batch[k]].quantiles = std::move(values[k]);
    profile[batch[k]].histogram = std::move(counts[k]);
  }
}

}  // namespace

std::vector<ColumnProfile> profile_dataset(const Communicator& comm, const Dataset& dataset,
                                           std::vector<ColumnStatistics> statistics,
                                           const Workspace& workspace) {
  std::vector<ColumnProfile> profile;
  std::vector<std::size_t> uncounted;
  for (std::size_t i = 0; i < statistics.size(); ++i) {
    profile.push_back({std::move(statistics[i]), {}, {}});
    if (!is_numeric(dataset.schema[i].type) || profile[i].statistics.present() == 0) continue;
    profile[i].statistics.distinct.exact() ? profile_counted(profile[i]) : uncounted.push_back(i);
  }
  const std::size_t step = columns_per_batch(std::size(kProfileQuantiles), dataset.rows());
  for (std::size_t first = 0; first < uncounted.size(); first += step) {
    const auto batch =
        std::span<const std::size_t>(uncounted).subspan(first, std::min(step, uncounted.size() - first));
    profile_batch(comm, dataset, batch, workspace, profile);
  }
  return profile;
}

}  // namespace millrace
