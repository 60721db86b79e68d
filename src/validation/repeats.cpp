#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <tuple>

#include "base/digest.hpp"
#include "ingestion/ingest.hpp"
#include "validation/row_checks.hpp"

namespace millrace {

namespace {

struct HashedRow {
  std::uint64_t first_hash;
  std::uint64_t second_hash;
  std::uint64_t row;  // of the dataset

  [[nodiscard]] bool same_value(const HashedRow& other) const {
    return first_hash == other.first_hash && second_hash == other.second_hash;
  }
  friend bool operator<(const HashedRow& a, const HashedRow& b) {
    return std::tie(a.first_hash, a.second_hash, a.row) < std::tie(b.first_hash, b.second_hash, b.row);
  }
};

HashedRow hashed(std::string_view bytes) {
  constexpr std::uint64_t kSecondSeed = 0x9e3779b97f4a7c15;
  return {xxh3(bytes), xxh3(bytes, kSecondSeed), 0};
}

template <class T>
std::vector<T> values_of(const std::string& bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

template <class T>
void append_bytes(const T& value, std::string& bytes) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

// Hashes of values: of the text, each dictionary entry once, or of the 64 bits of any other type (−0 as 0).
class ValueHashes {
 public:
  explicit ValueHashes(const Column& column) : column_(&column) {
    for (const std::string_view text : column.dictionary) by_code_.push_back(hashed(text));
  }
  [[nodiscard]] HashedRow operator()(std::size_t row) const {
    if (column_->type == ColumnType::kText) return by_code_[static_cast<std::size_t>(column_->codes[row])];
    const std::int64_t bits = column_->type == ColumnType::kReal
                                  ? std::bit_cast<std::int64_t>(column_->reals[row] + 0.0)
                                  : column_->integers[row];
    return hashed(as_bytes_view(std::span(&bits, 1)));
  }

 private:
  const Column* column_;
  std::vector<HashedRow> by_code_;
};

// Of the values of one column, where there is one; otherwise of all columns together, a missing value being
// like any other.
class RowHashes {
 public:
  RowHashes(const Table& table, const std::vector<std::string>& columns) {
    for (const std::string& name : columns) {
      columns_.push_back(&table[name]);
      hashes_.emplace_back(table[name]);
    }
  }
  // Nothing for a single column's missing value.
  [[nodiscard]] std::optional<HashedRow> operator()(std::size_t row) {
    if (columns_.size() == 1)
      return columns_[0]->is_valid(row) ? std::optional(hashes_[0](row)) : std::nullopt;
    parts_.clear();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const HashedRow value = columns_[i]->is_valid(row) ? hashes_[i](row) : HashedRow{};
      parts_.insert(parts_.end(), {value.first_hash, value.second_hash});
    }
    return hashed(as_bytes_view(std::span<const std::uint64_t>(parts_)));
  }

 private:
  std::vector<const Column*> columns_;
  std::vector<ValueHashes> hashes_;
  std::vector<std::uint64_t> parts_;  // of one row
};

class RepeatSearch {
 public:
  // Looks at one value of `stride`, chosen by its hash: all its repeats, or none.
  RepeatSearch(const Communicator& comm, const Dataset& dataset, const Workspace& workspace,
               std::vector<std::string> columns, std::uint64_t stride)
      : comm_(comm),
        dataset_(dataset),
        workspace_(workspace),
        columns_(std::move(columns)),
        stride_(stride),
        positions_(dataset) {}

  RowCounts result() {
    gather_values();
    std::vector<std::uint64_t> repeats = repeated_rows();
    RowCounts counts;
    counts.rows = comm_.all_reduce(std::uint64_t{mine_.size()}, Reduce::kSum);
    counts.unexpected = comm_.all_reduce(std::uint64_t{repeats.size()}, Reduce::kSum);
    const std::vector<std::uint64_t> first = first_repeats(std::move(repeats));
    counts.samples = comm_.agree([&] { return samples_of(first); });
    return counts;
  }

 private:
  [[nodiscard]] DataShard read(std::size_t shard, const std::vector<std::string>& columns) const {
    return read_data_shard(workspace_.object_path(dataset_.shards[shard].object), columns);
  }

  // Sends each value to the rank that its hash names; a round for every shard that a rank owns, so that no
  // message is larger than a shard.
  void gather_values() {
    const auto ranks = static_cast<std::size_t>(comm_.size());
    for (std::size_t first = 0; first < dataset_.shards.size(); first += ranks) {
      const std::size_t shard = first + static_cast<std::size_t>(comm_.rank());
      const auto outgoing = comm_.agree([&] { return partition(shard, ranks); });
      for (const std::string& bytes : comm_.all_to_all(outgoing)) {
        const auto received = values_of<HashedRow>(bytes);
        mine_.insert(mine_.end(), received.begin(), received.end());
      }
    }
  }

  [[nodiscard]] std::vector<std::string> partition(std::size_t shard, std::size_t ranks) const {
    std::vector<std::string> outgoing(ranks);
    if (shard >= dataset_.shards.size()) return outgoing;
    const DataShard data = read(shard, columns_);
    RowHashes hashes(data.table, columns_);
    for (std::size_t row = 0; row < data.table.rows(); ++row) {
      std::optional<HashedRow> value = hashes(row);
      if (!value || value->second_hash % stride_ != 0) continue;
      value->row = positions_.first_row(shard) + row;
      append_bytes(*value, outgoing[value->first_hash % ranks]);
    }
    return outgoing;
  }

  std::vector<std::uint64_t> repeated_rows() {
    std::sort(mine_.begin(), mine_.end());
    std::vector<std::uint64_t> rows;
    for (std::size_t i = 1; i < mine_.size(); ++i) {
      if (mine_[i].same_value(mine_[i - 1])) rows.push_back(mine_[i].row);
    }
    return rows;
  }

  // Of all ranks.
  [[nodiscard]] std::vector<std::uint64_t> first_repeats(std::vector<std::uint64_t> repeats) const {
    std::sort(repeats.begin(), repeats.end());
    repeats.resize(std::min(repeats.size(), kMaxSamples));
    std::vector<std::uint64_t> all;
    for (const std::string& bytes :
         comm_.all_gather(as_bytes_view(std::span<const std::uint64_t>(repeats)))) {
      const auto rows = values_of<std::uint64_t>(bytes);
      all.insert(all.end(), rows.begin(), rows.end());
    }
    std::sort(all.begin(), all.end());
    all.resize(std::min(all.size(), kMaxSamples));
    return all;
  }

  // Of the rows in this rank's shards.
  [[nodiscard]] std::vector<Sample> samples_of(const std::vector<std::uint64_t>& rows) const {
    std::vector<Sample> samples;
    for (std::size_t shard = 0; shard < dataset_.shards.size(); ++shard) {
      const std::uint64_t begin = positions_.first_row(shard);
      const auto first = std::lower_bound(rows.begin(), rows.end(), begin);
      const auto last = std::lower_bound(first, rows.end(), begin + dataset_.shards[shard].rows);
      if (!owns_shard(comm_, shard) || first == last) continue;
      const DataShard data = read(shard, {columns_.front()});
      std::for_each(first, last, [&](std::uint64_t row) {
        samples.push_back(positions_.sample(shard, data, data.table.columns.front(), row - begin));
      });
    }
    return samples;
  }

  const Communicator& comm_;
  const Dataset& dataset_;
  const Workspace& workspace_;
  std::vector<std::string> columns_;
  std::uint64_t stride_;
  ShardPositions positions_;
  std::vector<HashedRow> mine_;
};

}  // namespace

RowCounts count_repeats(const Communicator& comm, const Dataset& dataset, const Workspace& workspace,
                        const std::string& column) {
  return RepeatSearch(comm, dataset, workspace, {column}, 1).result();
}

RowCounts count_repeated_rows(const Communicator& comm, const Dataset& dataset, const Workspace& workspace) {
  constexpr std::uint64_t kMostRows = 4'000'000;
  const std::uint64_t stride = (dataset.rows() + kMostRows - 1) / kMostRows;
  return RepeatSearch(comm, dataset, workspace, dataset.schema.names(), std::max<std::uint64_t>(1, stride))
      .result();
}

}  // namespace millrace
