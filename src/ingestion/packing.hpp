// Sources that are not plain UTF-8: packed ones, known by their first bytes and unpacked whole, with all
// checks that they carry, and texts in other encodings (encoding.hpp). A format is one implementation of
// Unpacker (gzip.cpp, zstd.cpp) and a line in packing.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/file.hpp"
#include "base/publish.hpp"

namespace millrace {

// What packed files' names end in.
inline constexpr std::array kPackedNames{".gz", ".zst"};
// The name without such an ending.
std::string without_packing(const std::string& name);
// *.h5 and *.hdf5, also packed.
bool is_hdf5_name(const std::string& name);
// Those, and *.csv, also packed: what a folder is read for.
bool is_source_name(const std::string& name);
// Throws kUsage for a name that ends as those of other packed files do.
void refuse_unknown_packing(const std::string& name);

// The text of a packed file, a buffer at a time. Members (of zstd: frames) that follow one another are one
// text.
class Unpacker {
 public:
  virtual ~Unpacker() = default;
  // The next bytes of the text; none at its end. Throws kDataRejected, naming the file and the byte in it,
  // for what is cut off, damaged, or followed by something else; kResource where it cannot be read.
  virtual std::string_view read() = 0;
  // What the text was written in, as data.encoding names it; known once it has been read.
  [[nodiscard]] virtual std::string encoding() const { return "utf-8"; }
};
// By the file's first bytes and data.encoding; nothing where the file is plain UTF-8. The file must outlive
// what is made. Throws kDataRejected for a byte order mark that is not of `encoding`.
std::unique_ptr<Unpacker> unpacker_of(const ReadableFile& file, const std::string& encoding = "utf-8");

// The text of such a file as UTF-8, in a temporary file of `folder` that goes away with this object. Throws
// as the unpacker does; kResource where the text cannot be written.
class UnpackedFile {
 public:
  UnpackedFile(const ReadableFile& from, Unpacker& unpacker, const std::string& folder);
  // Room for a text of so many bytes that others write.
  UnpackedFile(std::uint64_t bytes, const std::string& folder);

  [[nodiscard]] const std::string& path() const { return file_.temporary_path(); }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  [[nodiscard]] UniqueFd create() const;

  PendingFile file_;  // never committed
  std::uint64_t bytes_ = 0;
};

}  // namespace millrace
