// The rows of a list of feature shards as one sequence, read by ranges; every row is checked against the
// network once it is read.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "model/network.hpp"
#include "storage/feature_shard.hpp"
#include "training/range.hpp"

namespace millrace {

class RowSource {
 public:
  // Collective: each rank opens some of the shards and tells the others their row counts.
  RowSource(const Communicator& comm, std::vector<std::string> paths, const NetworkSpec& spec);

  [[nodiscard]] std::uint64_t rows() const { return starts_.back(); }
  [[nodiscard]] std::size_t shards() const { return paths_.size(); }
  [[nodiscard]] Range rows_of_shard(std::size_t shard) const { return {starts_[shard], starts_[shard + 1]}; }
  // Appends the rows of `range`. Local. Throws kResource for a shard that is unreadable or damaged,
  // kDataRejected for values that the network cannot take.
  void read(Range range, FeatureRows& to);

 private:
  FeatureShardReader& reader(std::size_t shard);
  void reserve(FeatureRows& rows, std::size_t count) const;
  void check(const FeatureRows& rows, std::size_t first, std::size_t shard) const;
  [[noreturn]] void reject(const FeatureRows& rows, std::size_t row, std::size_t shard,
                           const std::string& reason) const;

  std::vector<std::string> paths_;
  std::vector<std::uint64_t> starts_;  // of each shard, and the end
  NetworkSpec spec_;
  std::map<std::size_t, FeatureShardReader> readers_;
};

}  // namespace millrace
