// Where sources come from. A kind of source is one implementation of this interface, in a file of its own,
// and a line in source_kinds.cpp; whatever it finds is a file of bytes to all that follows.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "config/pipeline_config.hpp"
#include "storage/objects.hpp"

namespace millrace {

// What can be told of a file without reading it.
struct FoundFile {
  std::string place;  // its path or address
  std::string name;   // see source_name()
  std::uint64_t bytes = 0;
  Json stamp;  // is another as soon as the bytes are: what a remembered digest is believed by; null: nothing
               // is
};
void to_json(Json& json, const FoundFile& file);
void from_json(const Json& json, FoundFile& file);

// A file to be fetched, and where to.
struct Copy {
  FoundFile file;
  std::string path;
};

// Which part of common work is this rank's.
struct Share {
  int rank = 0;
  int ranks = 1;
};

class SourceKind {
 public:
  SourceKind() = default;
  virtual ~SourceKind() = default;
  SourceKind(const SourceKind&) = delete;
  SourceKind& operator=(const SourceKind&) = delete;

  // Whether an entry of data.source, or the place of a file, is of this kind.
  [[nodiscard]] virtual bool takes(const std::string& text) const = 0;
  // The files that an entry names, sorted by place. Local work of rank 0. Throws where there are none.
  [[nodiscard]] virtual std::vector<FoundFile> expand(const std::string& entry) = 0;
  // Whether files lie where every rank can read them; the others are fetched.
  [[nodiscard]] virtual bool is_local() const { return true; }
  // Does this rank's share of fetching the files: when all ranks have done theirs, each copy is there whole.
  // Local work of all ranks. Throws kResource where a file cannot be had, or is no longer the one that was
  // found.
  virtual void fetch(const std::vector<Copy>& copies, const Share& share);
};

// All kinds there are; the first that takes an entry has it.
class SourceKinds {
 public:
  SourceKinds(const DataConfig& config, const Workspace& workspace);
  [[nodiscard]] SourceKind& of(const std::string& text) const;

 private:
  std::vector<std::unique_ptr<SourceKind>> kinds_;
};

}  // namespace millrace
