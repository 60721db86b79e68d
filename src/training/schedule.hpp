// The learning rate of each step: linear warm-up, then a half cosine down towards zero (I. Loshchilov, F.
// Hutter, "SGDR", ICLR 2017, eq. 5 without restarts) or a constant.
#pragma once

#include <cstdint>

#include "config/pipeline_config.hpp"

namespace millrace {

// `step` from 0 to `steps` − 1. The rate is never 0.
double learning_rate(const TrainingConfig& config, std::uint64_t step, std::uint64_t steps);

}  // namespace millrace
