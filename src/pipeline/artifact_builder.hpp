// From a run's results to its artifact: the model, and all that goes along with it.
#pragma once

#include <string>

#include "pipeline/stage.hpp"

namespace millrace {

// Writes the artifact of the model whose stages gave `outputs` (up to register) to `path`, on rank 0.
// Collective. Equal results give equal bytes, for any number of ranks. Throws kResource where an object is
// missing or damaged.
void build_artifact(const StageContext& context, const Outputs& outputs, const std::string& path);

}  // namespace millrace
