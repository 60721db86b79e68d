// What scoring a request needs of memory, used again for the next: in a steady state nothing is allocated.
// Internal to serving/.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "model/scorer.hpp"

namespace millrace {

struct ScoringMemory {
  Table table;  // of the model's inputs
  Scorer::Workspace workspace;
  std::vector<float> predictions;   // rows × outputs
  std::vector<std::uint8_t> given;  // for readers: which columns a request has named
};

// Thread-safe; must outlive what it lends.
class MemoryPool {
 public:
  explicit MemoryPool(Schema inputs) : inputs_(std::move(inputs)) {}

  struct Return {
    MemoryPool* pool;
    void operator()(ScoringMemory* memory) const { pool->give_back(std::unique_ptr<ScoringMemory>(memory)); }
  };
  using Lease = std::unique_ptr<ScoringMemory, Return>;

  // With a table of no rows.
  Lease lend();

 private:
  // What a large request has made larger than this is not kept.
  static constexpr std::size_t kKeptRows = 4096;

  void give_back(std::unique_ptr<ScoringMemory> memory);

  Schema inputs_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<ScoringMemory>> idle_;
};

}  // namespace millrace
