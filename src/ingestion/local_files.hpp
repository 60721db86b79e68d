// data.source → paths of files.
#pragma once

#include <string>
#include <vector>

#include "config/pipeline_config.hpp"

namespace millrace {

// Files as they are, globs by glob(3), folders as all *.csv and *.csv.gz below them; in the order of the
// entries, sorted within one. Local work. Throws kResource for an entry that matches nothing (with near
// names, and what a missing public data set is), kUsage for a file packed otherwise than by gzip and for one
// that is named twice, also with and without .gz.
std::vector<std::string> expand_sources(const std::vector<SourceText>& entries);

}  // namespace millrace
