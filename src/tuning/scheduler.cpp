#include "tuning/scheduler.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace millrace::tuning {

namespace {

constexpr std::size_t kOthersForMedian = 3;

double mean(const LossesSoFar& losses) {
  return std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(losses.size());
}

bool is_among_the_best(double loss, const std::vector<LossesSoFar>& earlier, std::uint32_t factor) {
  if (earlier.empty()) return true;
  std::vector<double> there;
  for (const LossesSoFar& losses : earlier) there.push_back(losses.back());
  return loss <= quantile(std::move(there), 1.0 / factor);
}

bool is_above_median(const LossesSoFar& mine, const std::vector<LossesSoFar>& earlier) {
  if (earlier.size() < kOthersForMedian) return true;
  std::vector<double> means;
  for (const LossesSoFar& losses : earlier) means.push_back(mean(losses));
  return *std::ranges::min_element(mine) <= quantile(std::move(means), 0.5);
}

}  // namespace

std::vector<std::uint32_t> rungs(const TuningScheduler& scheduler, std::uint32_t epochs) {
  std::vector<std::uint32_t> all;
  if (scheduler.kind != "none") {
    for (std::uint64_t at = scheduler.grace; at < epochs; at *= scheduler.factor)
      all.push_back(static_cast<std::uint32_t>(at));
  }
  all.push_back(epochs);
  return all;
}

bool goes_on(const TuningScheduler& scheduler, const LossesSoFar& mine,
             const std::vector<LossesSoFar>& earlier) {
  if (scheduler.kind == "asha") return is_among_the_best(mine.back(), earlier, scheduler.factor);
  return scheduler.kind != "median" || is_above_median(mine, earlier);
}

double quantile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  const double place = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (place - std::floor(place)) * (values[above] - values[below]);
}

}  // namespace millrace::tuning
