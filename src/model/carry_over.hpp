// The weights of a model for another plan of the same architecture.
#pragma once

#include <cstdint>
#include <vector>

#include "features/plan.hpp"
#include "model/network.hpp"

namespace millrace {

// What stands in the way of carrying weights over, or "": units, activation, outputs, or the linear path
// differ, or an embedding's dimension.
std::string obstacle_to_carrying(const FeaturePlan& from, const NetworkSpec& old, const FeaturePlan& to,
                                 const NetworkSpec& spec);

// Inputs are the same by their names, rows of embeddings by their levels (of bins: by their numbers); what
// `from` does not have is as initial_parameters() has it, and what `to` does not have is dropped. Throws
// kInternal where there is an obstacle.
std::vector<float> carry_over(const FeaturePlan& from, const Network& network, const FeaturePlan& to,
                              const NetworkSpec& spec, std::uint64_t seed);

}  // namespace millrace
