// What a run begins with where retrain.warm_start asks for it: the champion's plan and weights.
#pragma once

#include <string>

#include "pipeline/stage.hpp"

namespace millrace {

// {"version", "features", "weights", "since_full"} of the champion, or {"fresh": why it is none}: there is
// none, it was trained with other settings of what is learned, or its turn of retrain.full_every has come.
// Where the champion was trained on this very dataset, what it began with: so a run that changes nothing
// finds its keys again. Null without retrain.warm_start. Collective; equal on all ranks.
Json find_warm_start(const StageContext& context, const Outputs& outputs);

// What the registry keeps of it, for the next run; null without retrain.warm_start.
Json warm_start_details(const PipelineConfig& config, const Outputs& outputs);

}  // namespace millrace
