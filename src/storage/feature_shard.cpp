#include "storage/feature_shard.hpp"

#include <algorithm>

#include "base/file.hpp"
#include "base/topics.hpp"
#include "storage/hdf5.hpp"
#include "storage/shard_header.hpp"

namespace millrace {

namespace {

constexpr int kFeatureShardFormat = 2;

template <class T>
void append_all(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

// Rows of `to` must have the widths of what is appended; an empty `to` takes them on.
void take_widths(FeatureRows& to, std::size_t n_numeric, std::size_t n_categorical) {
  if (to.rows == 0) {
    to.n_numeric = n_numeric;
    to.n_categorical = n_categorical;
  }
  if (to.n_numeric != n_numeric || to.n_categorical != n_categorical) {
    throw internal_error("feature rows of {} + {} columns cannot follow rows of {} + {}", n_numeric,
                         n_categorical, to.n_numeric, to.n_categorical);
  }
}

// A matrix of fixed width in the file.
struct Block {
  CheckedBytes bytes;
  std::uint64_t width = 1;  // values a row
};

template <class T>
void read_block(const ReadableFile& file, const Block& block, std::size_t first, std::size_t count,
                std::vector<T>& to) {
  const std::size_t before = to.size();
  to.resize(before + count * block.width);
  const std::span<T> tail = std::span(to).subspan(before);
  read_checked(file, block.bytes, first * block.width * sizeof(T),
               {reinterpret_cast<char*>(tail.data()), tail.size_bytes()});
}

template <class T>
Block find_block(const hdf5::File& file, const std::string& name, std::uint64_t rows, std::size_t rank) {
  const std::vector<std::uint64_t> shape = file.shape(name);
  if (shape.size() != rank || shape[0] != rows)
    throw Error(Topic::kDamagedFile, "dataset '{}' has not {} rows", name, rows);
  return {file.find_checked<T>(name), rank == 2 ? shape[1] : 1};
}

}  // namespace

void FeatureRows::append(const FeatureRows& other) {
  take_widths(*this, other.n_numeric, other.n_categorical);
  rows += other.rows;
  append_all(numeric, other.numeric);
  append_all(categorical, other.categorical);
  append_all(target, other.target);
  append_all(weight, other.weight);
  append_all(row, other.row);
}

void FeatureRows::clear() {
  rows = 0;
  numeric.clear();
  categorical.clear();
  target.clear();
  weight.clear();
  row.clear();
}

void write_feature_shard(const std::string& path, const FeatureRows& rows) {
  hdf5::File file = hdf5::File::create(path);
  write_header(file, "feature-shard", kFeatureShardFormat);
  file.write_checked<float>("numeric", rows.numeric, {rows.rows, rows.n_numeric});
  file.write_checked<std::int32_t>("categorical", rows.categorical, {rows.rows, rows.n_categorical});
  file.write_checked<float>("target", rows.target, {rows.rows});
  file.write_checked<float>("weight", rows.weight, {rows.rows});
  file.write_checked<std::uint64_t>("row", rows.row, {rows.rows});
  file.close();
}

struct FeatureShardReader::Impl {
  ReadableFile file;
  std::uint64_t rows = 0;
  Block numeric, categorical, target, weight, row;

  explicit Impl(const std::string& path) : file(path) {
    const hdf5::File shard = hdf5::File::open(path);
    read_header(shard, "feature-shard", kFeatureShardFormat);
    const std::vector<std::uint64_t> shape = shard.shape("row");
    rows = shape.empty() ? 0 : shape[0];
    numeric = find_block<float>(shard, "numeric", rows, 2);
    categorical = find_block<std::int32_t>(shard, "categorical", rows, 2);
    target = find_block<float>(shard, "target", rows, 1);
    weight = find_block<float>(shard, "weight", rows, 1);
    row = find_block<std::uint64_t>(shard, "row", rows, 1);
  }
};

FeatureShardReader::FeatureShardReader(const std::string& path)
    : impl_(reading_object(path, [&] { return std::make_unique<Impl>(path); })) {}
FeatureShardReader::~FeatureShardReader() = default;
FeatureShardReader::FeatureShardReader(FeatureShardReader&&) noexcept = default;
FeatureShardReader& FeatureShardReader::operator=(FeatureShardReader&&) noexcept = default;

std::size_t FeatureShardReader::rows() const {
  return impl_->rows;
}
std::size_t FeatureShardReader::n_numeric() const {
  return impl_->numeric.width;
}
std::size_t FeatureShardReader::n_categorical() const {
  return impl_->categorical.width;
}

void FeatureShardReader::read(std::size_t first, std::size_t count, FeatureRows& to) const {
  if (first > rows() || count > rows() - first) {
    throw internal_error("rows {} to {} of '{}', which has {}", first, first + count, impl_->file.path(),
                         rows());
  }
  take_widths(to, n_numeric(), n_categorical());
  const ReadableFile& file = impl_->file;
  reading_object(file.path(), [&] {
    read_block(file, impl_->numeric, first, count, to.numeric);
    read_block(file, impl_->categorical, first, count, to.categorical);
    read_block(file, impl_->target, first, count, to.target);
    read_block(file, impl_->weight, first, count, to.weight);
    read_block(file, impl_->row, first, count, to.row);
  });
  to.rows += count;
}

}  // namespace millrace
