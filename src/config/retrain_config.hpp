// What a run takes over from the champion instead of doing it anew: docs/training.md, "Retraining".
#pragma once

#include <cstdint>

namespace millrace {

struct IncrementalConfig {
  bool warm_start = false;       // begins with the champion's plan and weights
  std::uint32_t window = 0;      // warm starts: the newest partitions that count; 0: all
  double replay = 0;             // share of the older rows that are trained on too
  std::uint32_t full_every = 7;  // every so many-th accepted model is trained afresh; 0: none
};

}  // namespace millrace
