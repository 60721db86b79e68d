// The keys of the section retrain: each declared once, for every visitor.
#pragma once

#include "config/limits.hpp"
#include "config/retrain_config.hpp"

namespace millrace {

template <class Visitor>
void describe(Visitor& visitor, IncrementalConfig& retrain) {
  visitor.field("warm_start", retrain.warm_start, "Begins with the registered model's inputs and weights");
  visitor.field("window", retrain.window,
                "Warm starts: the newest partitions (files, where there are none) that count; 0: all");
  visitor.field("replay", retrain.replay, "Share of the older rows that are trained on as well",
                {.min = 0, .max = 1});
  visitor.field("full_every", retrain.full_every,
                "Every so many-th accepted model is trained afresh; 0: never by itself");
}

}  // namespace millrace
