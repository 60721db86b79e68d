// How the training files were written (delimiter, given or found; header, missing tokens …), kept in the
// artifact so that `predict` reads new files in the same way.
#pragma once

#include "base/json.hpp"
#include "config/pipeline_config.hpp"
#include "ingestion/dataset.hpp"

namespace millrace {

Json dialect_to_json(const DataConfig& config, const Dataset& dataset);
DataConfig dialect_from_json(const Json& json);

}  // namespace millrace
