#include "training/cpu/loss.hpp"

#include <algorithm>
#include <cmath>

namespace millrace {

namespace {

// Each takes a row of logits and its target, overwrites the logits with the gradient and returns the loss.

double binary(std::span<float> z, float y) {
  const float logit = z[0];
  const float small = std::exp(-std::abs(logit));  // never overflows
  z[0] = (logit >= 0 ? 1 : small) / (1 + small) - y;
  return (logit > 0 ? logit : 0) - logit * y + std::log1p(small);
}

double multiclass(std::span<float> z, float y) {
  const auto target = static_cast<std::size_t>(y);
  const float largest = std::ranges::max(z);
  const float distance = largest - z[target];
  float sum = 0;
  for (float& value : z) sum += value = std::exp(value - largest);
  for (float& value : z) value /= sum;
  z[target] -= 1;
  return std::log(sum) + distance;
}

double regression(std::span<float> z, float y) {
  const float difference = z[0] - y;
  z[0] = 2 * difference;
  return static_cast<double>(difference) * difference;
}

auto row_loss(Task task) {
  switch (task) {
    case Task::kBinary:
      return &binary;
    case Task::kMulticlass:
      return &multiclass;
    case Task::kRegression:
      return &regression;
  }
  return &binary;
}

}  // namespace

LossSums loss_and_delta(Task task, std::size_t outputs, std::span<float> logits,
                        std::span<const float> target, std::span<const float> weight) {
  const auto loss = row_loss(task);
  LossSums sums;
  for (std::size_t r = 0; r < target.size(); ++r) {
    const std::span<float> row = logits.subspan(r * outputs, outputs);
    sums.loss += static_cast<double>(weight[r]) * loss(row, target[r]);
    sums.weight += weight[r];
    for (float& value : row) value *= weight[r];
  }
  return sums;
}

}  // namespace millrace
