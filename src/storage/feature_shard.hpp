// Feature shards (HDF5): row-major matrices, so that a row group is one read. Layout: docs/formats.md,
// "Feature shard".
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace millrace {

// rows × n_numeric float32, rows × n_categorical int32, and for each row target, weight and row_index.
struct FeatureRows {
  std::size_t rows = 0;
  std::size_t n_numeric = 0;
  std::size_t n_categorical = 0;
  std::vector<float> numeric;
  std::vector<std::int32_t> categorical;
  std::vector<float> target;
  std::vector<float> weight;
  std::vector<std::uint64_t> row;

  void append(const FeatureRows& other);  // same widths
  void clear();                           // the widths and the memory stay
};

void write_feature_shard(const std::string& path, const FeatureRows& rows);

// Open for reading row ranges at the datasets' file offsets, each compared with its checks; the HDF5 library
// is used only to open. Throws kResource: kDamagedObject, naming the file and the place, for wrong bytes.
class FeatureShardReader {
 public:
  explicit FeatureShardReader(const std::string& path);
  ~FeatureShardReader();
  FeatureShardReader(FeatureShardReader&&) noexcept;
  FeatureShardReader& operator=(FeatureShardReader&&) noexcept;

  [[nodiscard]] std::size_t rows() const;
  [[nodiscard]] std::size_t n_numeric() const;
  [[nodiscard]] std::size_t n_categorical() const;
  // Appends rows [first, first + count) to `to`.
  void read(std::size_t first, std::size_t count, FeatureRows& to) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace millrace
