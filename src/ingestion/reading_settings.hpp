// What decides how the rows of given files are read.
#pragma once

#include "base/json.hpp"
#include "config/pipeline_config.hpp"

namespace millrace {

// Changes when ingestion's results for equal files and settings may: golden tests hold it to that.
inline constexpr int kIngestNumerics = 5;

// The section data without what later stages do with the rows, where the files lie, who reads them and how
// the data is published.
Json reading_settings(const DataConfig& config);

}  // namespace millrace
