// Tables in HDF5 files that others wrote: a group with a one-dimensional dataset for each column (as h5py's
// users write them), or a one-dimensional compound dataset (as PyTables and h5py's structured arrays are).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::hdf5 {

// HDF5 is not thread-safe: who uses it while another thread of the process may do so too holds this.
std::mutex& library_mutex();

enum class ElementKind : std::uint8_t { kInteger, kUnsigned, kReal, kBoolean, kText };
enum class TextPadding : std::uint8_t { kNul, kTerminated, kBlank };

struct TableColumn {
  std::string name;
  ElementKind kind = ElementKind::kInteger;
  std::uint64_t bytes = 0;             // of an element; of a text of variable length: kVariableTextBytes
  std::string unread;                  // what an element is, where it is not read: "an array"; otherwise ""
  std::optional<double> missing_real;  // the attribute _FillValue (CF conventions), of integers as well
  std::optional<std::int64_t> missing_integer;
};
// What a text of variable length is taken to need, where rows are cut into blocks.
inline constexpr std::uint64_t kVariableTextBytes = 64;

// The values of one column in memory; good as long as their TableRows.
class TableValues {
 public:
  TableValues(const char* first, std::size_t stride, ElementKind kind, std::size_t text_bytes,
              TextPadding padding)
      : first_(first), stride_(stride), kind_(kind), text_bytes_(text_bytes), padding_(padding) {}

  [[nodiscard]] ElementKind kind() const { return kind_; }
  template <class T>  // of kInteger std::int64_t, kUnsigned std::uint64_t, kReal double, kBoolean
                      // std::uint8_t
  [[nodiscard]] T number(std::size_t row) const {
    T value;
    std::memcpy(&value, first_ + row * stride_, sizeof(T));
    return value;
  }
  [[nodiscard]] std::string_view text(std::size_t row) const;  // of kText; without its padding

 private:
  const char* first_;
  std::size_t stride_;
  ElementKind kind_;
  std::size_t text_bytes_;
  TextPadding padding_;
};

struct TableRows {
  std::vector<TableValues> columns;
  std::vector<std::vector<char>> buffers;      // what they lie in
  std::vector<std::unique_ptr<char[]>> texts;  // of variable length  NOLINT(modernize-avoid-c-arrays)
};

class Table {
 public:
  // `path`: of the file; `name`: what errors call it; `table`: the path of a dataset or group in it, "" where
  // there is only one. Throws kDataRejected (Topic::kDamagedTable) for what is no sound HDF5 file,
  // (kColumnOfTable) for columns of different lengths, kUsage (kWhichTable) where there is no such table, or
  // more than one.
  Table(const std::string& path, const std::string& name, const std::string& table);
  ~Table();
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  // In the order of the compound's members; of a group: in the order in which its datasets were made, where
  // the file keeps it, otherwise by name.
  [[nodiscard]] const std::vector<TableColumn>& columns() const;
  [[nodiscard]] std::uint64_t rows() const;
  // Rows [first, first + count) of the columns at `wanted`, none of them unread. Memory: those rows, and the
  // chunks of the file that they lie in. Throws kDataRejected where they cannot be read.
  [[nodiscard]] TableRows read(std::uint64_t first, std::size_t count,
                               const std::vector<std::size_t>& wanted) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace millrace::hdf5
