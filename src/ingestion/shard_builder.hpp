// The rows of a shard, put together from those of its blocks.
#pragma once

#include <vector>

#include "ingestion/block_loader.hpp"
#include "storage/data_shard.hpp"

namespace millrace {

class ShardBuilder {
 public:
  // Of `blocks` blocks.
  ShardBuilder(const Schema& schema, std::size_t blocks);

  // In the blocks' order; what is behind `keep_rejects` rejects is only counted.
  void append(LoadedBlock&& block, std::size_t keep_rejects);
  // After the last block: lets go of what only looks texts up, which takes more room than the texts.
  void close() { texts_.clear(); }

  [[nodiscard]] const DataShard& shard() const { return shard_; }
  [[nodiscard]] Table& table() { return shard_.table; }
  [[nodiscard]] std::uint64_t record_count() const { return record_count_; }
  [[nodiscard]] const RejectCounts& reject_counts() const { return reject_counts_; }
  [[nodiscard]] std::vector<Reject>& rejects() { return rejects_; }

 private:
  void reserve(std::size_t rows);

  DataShard shard_;
  std::vector<TextAppender> texts_;  // one a text column, in their order
  std::size_t blocks_;
  std::uint64_t record_count_ = 0;
  RejectCounts reject_counts_;
  std::vector<Reject> rejects_;
};

}  // namespace millrace
