// The loss over the validation rows. Rows are cut into fixed chunks; each rank computes some of them, and the
// chunks' sums are added in order on every rank: the result does not depend on how many ranks there are.
#pragma once

#include <vector>

#include "training/backend.hpp"
#include "training/row_source.hpp"

namespace millrace {

class ValidationLoss {
 public:
  // Collective. Keeps this rank's rows in memory if there are at most `resident_rows` of them. `source` must
  // outlive this.
  ValidationLoss(const Communicator& comm, RowSource& source, std::uint64_t resident_rows,
                 std::vector<float> class_weights);

  [[nodiscard]] bool has_rows() const { return source_->rows() > 0; }
  // Collective: the weighted mean loss, the same on every rank.
  double operator()(Backend& backend);

 private:
  [[nodiscard]] LossSums chunk_sums(std::size_t chunk, Backend& backend);
  void fill_batch(const FeatureRows& rows, std::size_t first, std::size_t count);

  Communicator comm_;
  RowSource* source_;
  std::vector<float> class_weights_;
  std::vector<Range> chunks_;  // of all ranks, in row order
  Range mine_;                 // of chunks_
  std::vector<FeatureRows> resident_;
  bool is_resident_;
  Batch batch_;
};

}  // namespace millrace
