// Gzip files (RFC 1952): known by their first bytes, unpacked whole, with each member's length and checksum.
#pragma once

#include <cstdint>
#include <string>

#include "base/file.hpp"
#include "base/publish.hpp"

namespace millrace {

// Whether the file begins as a gzip file does. Throws kResource where it cannot be read.
bool is_gzip(const ReadableFile& file);

// The text of a gzip file, in a temporary file of `folder` that goes away with this object. Members that
// follow one another are one text. Throws, naming the file and the byte in it, kDataRejected for what is cut
// off, damaged, or followed by something else; kResource where it cannot be read, or its text cannot be
// written.
class UnpackedGzip {
 public:
  UnpackedGzip(const ReadableFile& from, const std::string& folder);

  [[nodiscard]] const std::string& path() const { return file_.temporary_path(); }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  PendingFile file_;  // never committed
  std::uint64_t bytes_ = 0;
};

}  // namespace millrace
