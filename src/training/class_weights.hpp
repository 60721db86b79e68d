// Class weights that make every class count the same: n / (k · n_class), from counts over all training rows.
#pragma once

#include <cmath>
#include <span>
#include <vector>

#include "comm/communicator.hpp"
#include "config/pipeline_config.hpp"
#include "model/network.hpp"
#include "training/row_source.hpp"

namespace millrace {

// Empty for class_weights "none". Collective. Throws kUsage for "balanced" with a regression.
std::vector<float> class_weights(const Communicator& comm, const NetworkSpec& spec,
                                 const TrainingConfig& config, RowSource& source);

// 1 where there are no class weights. A target between two classes counts as the nearer one.
inline float class_weight(std::span<const float> weights, float target) {
  return weights.empty() ? 1.0F : weights[static_cast<std::size_t>(std::lround(target))];
}

}  // namespace millrace
