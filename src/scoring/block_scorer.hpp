// The rows of one block of a source → their scores. Local work, on any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ingestion/block_loader.hpp"
#include "scoring/columns.hpp"
#include "scoring/comparison.hpp"
#include "scoring/rejected.hpp"

namespace millrace {

struct ScoredBlock {
  LoadedBlock rows;  // a table with the columns of the scores; which records of the block its rows are
  std::string csv;   // the same rows as text, where that is wanted
  RejectKinds rejected;
  std::string rejected_csv;                   // all of them
  std::vector<std::string> rejected_samples;  // the first few, in words
  Comparison comparison;                      // where there is a second model
};
inline constexpr std::size_t kRejectedSamples = 3;

// Where a block's records stand.
struct BlockPlace {
  std::string file;
  std::uint64_t first_row = 0;
  bool counts_lines = true;  // ingestion's "line" is one
};

class BlockScorer {
 public:
  // `against` may be null. The models must outlive the scorer.
  BlockScorer(const ScoringModel& model, const ScoringModel* against, ScoreColumns columns, bool as_csv);

  // `block` has the columns that the models need and those that are kept. Throws kInternal where a prediction
  // is not finite.
  [[nodiscard]] ScoredBlock score(LoadedBlock&& block, const BlockPlace& place) const;
  [[nodiscard]] const ScoreColumns& columns() const { return columns_; }

 private:
  struct Answers;
  [[nodiscard]] Comparison compare(const LoadedBlock& block, const BlockPlace& place,
                                   const Answers& first) const;
  [[nodiscard]] Table table_of(const Table& read, const std::vector<std::uint64_t>& records,
                               const std::vector<float>& scores, const BlockPlace& place) const;
  void append_scores(Table& table, const std::vector<float>& scores) const;

  const ScoringModel* model_;
  const ScoringModel* against_;
  ScoreColumns columns_;
  bool as_csv_;
};

}  // namespace millrace
