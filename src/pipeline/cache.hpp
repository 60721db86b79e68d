// The action index as the engine uses it: a stage's recorded output, if there is one that still holds.
#pragma once

#include "pipeline/key.hpp"
#include "pipeline/stage.hpp"

namespace millrace {

// Null where the stage has to run. Collective; equal on all ranks.
Json cached_output(const Stage& stage, const StageContext& context, const Outputs& outputs,
                   const Digest& key);

// Collective.
void record_output(const Stage& stage, const StageContext& context, const StageKey& key, const Json& output);

// Why a stage with this key has to run: the differences to the key that it had in the newest run of this
// pipeline. Root only.
std::vector<std::string> reasons_to_run(const Stage& stage, const StageContext& context, const StageKey& key);

}  // namespace millrace
