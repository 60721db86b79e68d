#include "evaluation/shard_sums.hpp"

namespace millrace {

std::vector<double> sum_over_shards(
    const Communicator& comm, const std::vector<ScoredShard>& mine, std::uint32_t shards, std::size_t width,
    const std::function<void(const ScoredShard& shard, std::span<double> sums)>& add_to) {
  std::vector<double> by_shard(shards * width);
  for (const ScoredShard& shard : mine) {
    add_to(shard, std::span(by_shard).subspan(shard.shard * width, width));
  }
  comm.all_reduce(std::span(by_shard), Reduce::kSum);  // of one rank's sums and zeros: exact
  std::vector<double> total(width);
  for (std::size_t i = 0; i < by_shard.size(); ++i) total[i % width] += by_shard[i];
  return total;
}

}  // namespace millrace
