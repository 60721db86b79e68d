#include "evaluation/bootstrap.hpp"

#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "evaluation/resamples.hpp"
#include "evaluation/row_sums.hpp"
#include "evaluation/shard_sums.hpp"
#include "statistics/quantiles.hpp"

namespace millrace {

namespace {

constexpr std::uint64_t kSeed = 0x626f6f7473747261;
constexpr std::uint64_t kMostWeights = std::uint64_t{1} << 29U;  // some seconds of one core
constexpr std::uint32_t kFewestResamples = 100;

using Samples = std::map<std::string, std::vector<double>>;  // metric → its value in each resample

// P(W ≤ k) · 2^32 for k = 0, 1, …: a uniform 32-bit number is at least as many of these as W is.
std::array<std::uint32_t, 12> poisson_thresholds() {
  std::array<std::uint32_t, 12> thresholds{};
  double probability = std::exp(-1.0);
  double below = 0;
  for (std::size_t k = 0; k < thresholds.size(); ++k) {
    below += probability;
    thresholds[k] = static_cast<std::uint32_t>(std::min(below * 0x1p32, 0x1p32 - 1));
    probability /= static_cast<double>(k + 1);
  }
  return thresholds;
}

// sums[value · kResampleBlock + resample]
void add_shard(const RowSums& rows, std::uint64_t key, const ScoredShard& shard, std::span<double> sums) {
  std::vector<double> values(rows.width);
  for (std::size_t row = 0; row < shard.targets.size(); ++row) {
    rows.of_row(shard, row, values);
    const Weights weights = poisson_weights(key, shard.shard, row);
    for (std::size_t value = 0; value < rows.width; ++value) {
      const auto to = sums.subspan(value * kResampleBlock, kResampleBlock);
      for (std::size_t b = 0; b < kResampleBlock; ++b) to[b] += weights[b] * values[value];
    }
  }
}

void add_samples(const RowSums& rows, std::span<const double> sums, Samples& samples) {
  std::vector<double> of_resample(rows.width);
  for (std::size_t b = 0; b < kResampleBlock; ++b) {
    for (std::size_t value = 0; value < rows.width; ++value)
      of_resample[value] = sums[value * kResampleBlock + b];
    for (const auto& [name, metric] : rows.metrics(of_resample)) samples[name].push_back(metric);
  }
}

Samples sample_metrics(const Communicator& comm, const std::vector<ScoredShard>& mine, std::uint32_t shards,
                       const EvaluationOptions& options, std::size_t blocks) {
  const RowSums rows = row_sums(comm, mine, shards, options);
  Samples samples;
  for (std::size_t block = 0; block < blocks; ++block) {
    const std::uint64_t key = resample_key(block);
    const auto sums = sum_over_shards(
        comm, mine, shards, rows.width * kResampleBlock,
        [&](const ScoredShard& shard, std::span<double> to) { add_shard(rows, key, shard, to); });
    add_samples(rows, sums, samples);
  }
  if (options.task != Task::kBinary) return samples;
  std::vector<LabelledScores> scores;
  std::vector<std::uint32_t> numbers;
  for (const ScoredShard& shard : mine) {
    scores.push_back({shard.predictions, shard.targets});
    numbers.push_back(shard.shard);
  }
  samples["auc"] = resampled_auc(comm, scores, numbers, blocks);
  return samples;
}

double quantile(const std::vector<double>& sorted, double q) {
  const QuantilePosition at = quantile_position(q, sorted.size());
  return (1 - at.weight) * sorted[at.low] + at.weight * sorted[at.high];
}

// The first `resamples` samples count: blocks are whole.
void add_interval(const std::string& metric, std::vector<double> samples, Bootstrap& bootstrap) {
  samples.resize(bootstrap.resamples);
  std::erase_if(samples, [](double value) { return !std::isfinite(value); });
  if (samples.size() * 2 < bootstrap.resamples || samples.empty()) return;
  std::ranges::sort(samples);
  constexpr double kTail = (1 - kConfidence) / 2;
  bootstrap.intervals[metric] = {quantile(samples, kTail), quantile(samples, 1 - kTail)};
}

}  // namespace

std::uint64_t resample_key(std::size_t block) {
  return derive_key({kSeed, block});
}

Weights poisson_weights(std::uint64_t key, std::uint32_t shard, std::uint64_t position) {
  static const auto kThresholds = poisson_thresholds();
  Weights words;
  philox_fill(key, std::uint64_t{shard} << 40U | position, words);
  Weights weights{};
  for (const std::uint32_t threshold : kThresholds) {
    for (std::size_t b = 0; b < kResampleBlock; ++b) weights[b] += words[b] >= threshold ? 1 : 0;
  }
  return weights;
}

Bootstrap bootstrap_metrics(const Communicator& comm, const std::vector<ScoredShard>& mine,
                            std::uint32_t shards, const EvaluationOptions& options, std::uint32_t wanted) {
  std::uint64_t rows = 0;
  for (const ScoredShard& shard : mine) rows += shard.targets.size();
  rows = comm.all_reduce(rows, Reduce::kSum);
  Bootstrap bootstrap;
  if (rows == 0 || wanted == 0) return bootstrap;
  const std::uint64_t affordable = std::max<std::uint64_t>(kFewestResamples, kMostWeights / rows);
  bootstrap.resamples = static_cast<std::uint32_t>(std::min<std::uint64_t>(wanted, affordable));
  const std::size_t blocks = (bootstrap.resamples + kResampleBlock - 1) / kResampleBlock;
  for (auto& [metric, samples] : sample_metrics(comm, mine, shards, options, blocks))
    add_interval(metric, std::move(samples), bootstrap);
  return bootstrap;
}

void to_json(Json& json, const Bootstrap& bootstrap) {
  json = {
      {"resamples", bootstrap.resamples}, {"confidence", kConfidence}, {"intervals", bootstrap.intervals}};
}

}  // namespace millrace
