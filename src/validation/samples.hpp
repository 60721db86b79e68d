// Private to validation/: rows shown to people, named by file and record, the same for any number of ranks.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "comm/communicator.hpp"
#include "ingestion/dataset.hpp"
#include "storage/data_shard.hpp"

namespace millrace {

constexpr std::size_t kMaxSamples = 20;

struct Sample {
  std::uint64_t row = 0;  // of the dataset, rejected records not counted: the order of samples
  Json shown;             // {"file", "record", "value"}
};

// Where the rows and records of each shard begin.
class ShardPositions {
 public:
  explicit ShardPositions(const Dataset& dataset);

  [[nodiscard]] std::uint64_t first_row(std::size_t shard) const { return first_rows_[shard]; }
  // Row `row` of a shard: its value of `column` and its record in the source file, from 1, a header not
  // counted.
  [[nodiscard]] Sample sample(std::size_t shard, const DataShard& data, const Column& column,
                              std::size_t row) const;

 private:
  const Dataset* dataset_;
  std::vector<std::uint64_t> first_rows_;
  std::vector<std::uint64_t> first_records_;  // within the shard's source file
};

// Collective: the first kMaxSamples of all ranks' samples, by row, as a JSON array, for each list. Each
// rank's lists are in the order of rows.
std::vector<Json> first_samples(const Communicator& comm, std::span<const std::vector<Sample>> lists);

}  // namespace millrace
