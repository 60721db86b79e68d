// data.delimiter: auto. What is found is the same on all ranks, and told in the manifest.
#pragma once

#include <string>
#include <vector>

#include "base/file.hpp"
#include "comm/communicator.hpp"
#include "config/pipeline_config.hpp"
#include "ingestion/dataset.hpp"

namespace millrace {

inline constexpr const char* kDetect = "auto";

// The one of , ; | and tab that cuts at least nine in ten of the records that begin in the file's first MiB
// into as many fields, at least two, as the first one. Where there is none, and none cuts half of them at
// all, the file is a single column: the first that leaves nine in ten whole is taken. Throws kUsage
// otherwise, with what each one does.
std::string detect_delimiter(const ReadableFile& file, const DataConfig& config);

// Collective: of the first file that is not empty, which rank 0 looks at; "" where data.delimiter is given.
std::string detect_delimiter(const Communicator& comm, const DataConfig& config,
                             const std::vector<SourceFile>& sources, const std::vector<std::string>& paths);

}  // namespace millrace
