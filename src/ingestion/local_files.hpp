// Sources of the file system: files as they are, globs by glob(3), folders as all files in them that are CSV
// by their names.
#pragma once

#include <string>
#include <vector>

#include "ingestion/source_kind.hpp"

namespace millrace {

class LocalFiles : public SourceKind {
 public:
  [[nodiscard]] bool takes(const std::string&) const override { return true; }
  // Throws kResource for an entry that matches nothing (with near names, and what a missing public data set
  // is), kUsage for a file that is packed in a way that is not read.
  [[nodiscard]] std::vector<FoundFile> expand(const std::string& entry) override;
};

}  // namespace millrace
