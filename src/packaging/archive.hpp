// Inside packaging/: reproducible .tar.zst files of a few named parts, by libarchive.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace millrace {

struct ArchivePart {
  std::string name;
  std::string bytes;
};

// Equal parts give equal bytes (with one version of libzstd): times, owners and modes are fixed. Throws
// kResource.
void write_archive(const std::string& path, const std::vector<ArchivePart>& parts);

// Hands out the parts in order, trusting nothing that the archive says of itself. Throws kResource.
class ArchiveReader {
 public:
  explicit ArchiveReader(const std::string& path);
  ~ArchiveReader();
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;

  // The next part's name; nothing at the end. An entry that is no plain file is an error.
  std::optional<std::string> next();
  // How many bytes the archive says that the current part has.
  [[nodiscard]] std::uint64_t size() const;
  // The current part's bytes; more than `limit` of them are an error, found before they are all unpacked. So
  // is more than 256 times the archive's own size and 16 MiB in all: what models are made of does not pack
  // nearly as well.
  std::string read(std::uint64_t limit);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace millrace
