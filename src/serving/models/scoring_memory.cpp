#include "serving/models/scoring_memory.hpp"

namespace millrace {

MemoryPool::Lease MemoryPool::lend() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) {
    return Lease(
        new ScoringMemory{.table = make_table(inputs_), .workspace = {}, .predictions = {}, .given = {}},
        {this});
  }
  Lease lease(idle_.back().release(), {this});
  idle_.pop_back();
  return lease;
}

void MemoryPool::give_back(std::unique_ptr<ScoringMemory> memory) {
  if (memory->table.rows() > kKeptRows) return;
  memory->table.clear();
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(memory));
}

}  // namespace millrace
