// Standard input ("-") as a source: written once into the workspace's tmp/ by rank 0, whose standard input it
// is; from then on a file like any other.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/publish.hpp"
#include "ingestion/source_kind.hpp"

namespace millrace {

class StandardInput : public SourceKind {
 public:
  explicit StandardInput(std::string folder) : folder_(std::move(folder)) {}

  [[nodiscard]] bool takes(const std::string& text) const override { return text == "-"; }
  // Reads all of it. Throws kUsage where it is a terminal, or a second time; kResource where it cannot be
  // read, or its bytes cannot be written.
  [[nodiscard]] std::vector<FoundFile> expand(const std::string& entry) override;

 private:
  std::string folder_;
  std::optional<PendingFile> copy_;  // never committed: it goes away with this object
};

}  // namespace millrace
