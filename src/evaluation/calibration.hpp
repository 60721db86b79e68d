// Private to evaluation/: how far predicted probabilities can be trusted.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/json.hpp"
#include "evaluation/metrics.hpp"

namespace millrace {

// Rows by predicted probability, in bins of equal width over [0, 1].
struct CalibrationBin {
  double predicted = 0;  // sum of the predicted probabilities
  std::uint64_t hits = 0;
  std::uint64_t rows = 0;
};

// What was predicted of a row, and whether it was so: that it is positive, or of its likeliest class.
struct Judged {
  float probability = 0;
  bool hit = false;
};
using Judge = std::function<Judged(const ScoredShard& shard, std::size_t row)>;

// Collective; equal on all ranks, for any number of them.
std::vector<CalibrationBin> calibration_bins(const Communicator& comm, const std::vector<ScoredShard>& mine,
                                             std::uint32_t shards, std::size_t bins, const Judge& judge);

// [{"mean": predicted, "share": of hits, "rows": n}, …] of the bins that have rows.
Json calibration_curve(const std::vector<CalibrationBin>& bins);

// Expected calibration error: Σ rows·|mean − share| / Σ rows. C. Guo, G. Pleiss, Y. Sun, K. Weinberger, "On
// calibration of modern neural networks", ICML 2017, eq. 3.
double calibration_error(const std::vector<CalibrationBin>& bins);

}  // namespace millrace
