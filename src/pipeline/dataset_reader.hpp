// A published dataset, opened: its manifest, and its shards with each row's row_index.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "ingestion/dataset.hpp"
#include "storage/data_shard.hpp"
#include "storage/objects.hpp"

namespace millrace {

class DatasetReader {
 public:
  DatasetReader(const Workspace& workspace, const Digest& version);  // throws kResource

  [[nodiscard]] const Dataset& dataset() const { return dataset_; }
  [[nodiscard]] std::size_t shards() const { return dataset_.shards.size(); }
  // Throws kResource where a byte of what is read is not as it was written: a bit that a disk has flipped
  // ends the run with a message instead of going into a model.
  [[nodiscard]] DataShard read(std::size_t shard, const std::vector<std::string>& columns) const;
  [[nodiscard]] DataShard read(std::size_t shard) const;
  // The row_index of its first record, and of the one behind its last.
  [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> rows_of_shard(std::size_t shard) const {
    return {first_records_.at(shard), first_records_.at(shard) + dataset_.shards.at(shard).records};
  }
  // row_index of each row of a shard that was read.
  [[nodiscard]] std::vector<std::uint64_t> row_indices(std::size_t shard, const DataShard& data) const;

 private:
  const Workspace& workspace_;
  Dataset dataset_;
  std::vector<std::uint64_t> first_records_;
};

// Whether manifest and shards are in place, by name alone.
bool has_dataset(const Workspace& workspace, const Digest& version);

}  // namespace millrace
