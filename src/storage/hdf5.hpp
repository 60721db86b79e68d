// RAII over HDF5's C interface: each id has one owner, each failure is an Error (kResource) with HDF5's own
// words and the file's path. HDF5 is not thread-safe: one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/checked_bytes.hpp"
#include "table/text_list.hpp"

namespace millrace::hdf5 {

std::string library_version();  // "1.10.8"

// Where a piece of a virtual dataset lies: a dataset of another file. A relative path is looked for from the
// folder of the file that refers to it.
struct Piece {
  std::string path;
  std::string dataset;
  std::uint64_t count = 0;
};

// Elements are std::int32_t, std::int64_t, std::uint8_t, std::uint64_t, float or double, stored
// little-endian.
class File {
 public:
  // Deterministic bytes for equal content: no time stamps, fixed library version bounds, fill values never
  // written.
  static File create(const std::string& path);
  // For a file that refers to others: virtual datasets need HDF5 1.10's format.
  static File create_view(const std::string& path);
  static File open(const std::string& path);  // read-only
  // The same for a file's bytes in memory; `name` is what errors call them.
  static File open_bytes(std::string_view bytes, const std::string& name);
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();
  void close();  // reports what a destructor could not

  // Contiguous datasets; `name` may hold folders ("columns/age/values"), which are made.
  template <class T>
  void write(const std::string& name, std::span<const T> values, const std::vector<std::uint64_t>& shape);
  template <class T>
  void write(const std::string& name, std::span<const T> values) {
    write(name, values, {values.size()});
  }
  template <class T>
  [[nodiscard]] std::vector<T> read(const std::string& name) const;
  [[nodiscard]] std::vector<std::uint64_t> shape(const std::string& name) const;
  [[nodiscard]] bool contains(const std::string& name) const;

  // The same with checks, which the dataset's attribute "xxh3" (uint64) holds where it is not empty: what is
  // read is what was written, or kDamagedFile names the place.
  template <class T>
  void write_checked(const std::string& name, std::span<const T> values,
                     const std::vector<std::uint64_t>& shape);
  template <class T>
  void write_checked(const std::string& name, std::span<const T> values) {
    write_checked(name, values, {values.size()});
  }
  template <class T>
  [[nodiscard]] std::vector<T> read_checked(const std::string& name) const;
  // Where its bytes lie in the file, to read some of them, from any thread.
  template <class T>
  [[nodiscard]] CheckedBytes find_checked(const std::string& name) const;

  // One dimension, the pieces one after the other; other files are neither needed nor looked at.
  template <class T>
  void write_virtual(const std::string& name, const std::vector<Piece>& pieces);
  // NAME leads to TARGET, of this file or of another.
  void link(const std::string& name, const std::string& target);
  void link(const std::string& name, const std::string& path, const std::string& target);

  // Lists of texts as a concatenated byte dataset with 64-bit offsets: NAME/bytes, NAME/offsets. With checks.
  void write_texts(const std::string& name, const TextList& texts);
  [[nodiscard]] TextList read_texts(const std::string& name) const;

  // Texts without NUL as a dataset of UTF-8 strings, all as long as the longest (padded with NUL).
  void write_strings(const std::string& name, const std::vector<std::string>& texts);

  // Text attributes of the root group, or of another object (of any length).
  void set_attribute(const std::string& name, std::string_view value) { set_attribute("/", name, value); }
  void set_attribute(const std::string& object, const std::string& name, std::string_view value);
  [[nodiscard]] std::string attribute(const std::string& name) const;

 private:
  File(std::int64_t id, std::string path, std::optional<ReadableFile> bytes = {})
      : id_(id), path_(std::move(path)), bytes_(std::move(bytes)) {}
  std::int64_t id_ = -1;
  std::string path_;
  std::optional<ReadableFile> bytes_;  // of a file that was opened to be read
};

}  // namespace millrace::hdf5
