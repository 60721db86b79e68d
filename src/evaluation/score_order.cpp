#include "evaluation/score_order.hpp"

#include <numeric>

namespace millrace {

std::uint64_t ScoreHistogram::negative_rows() const {
  return std::accumulate(negatives.begin(), negatives.end(), std::uint64_t{0});
}

std::uint64_t ScoreHistogram::positive_rows() const {
  return std::accumulate(positives.begin(), positives.end(), std::uint64_t{0});
}

ScoreHistogram score_histogram(const Communicator& comm, const std::vector<LabelledScores>& mine) {
  ScoreHistogram histogram;
  for (const auto& [scores, targets] : mine) {
    for (std::size_t row = 0; row < scores.size(); ++row) {
      auto& counts = targets[row] != 0 ? histogram.positives : histogram.negatives;
      ++counts[ScoreHistogram::bin_of(order_key(scores[row]))];
    }
  }
  comm.all_reduce(std::span(histogram.negatives), Reduce::kSum);
  comm.all_reduce(std::span(histogram.positives), Reduce::kSum);
  return histogram;
}

}  // namespace millrace
