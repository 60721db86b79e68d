// What batch scoring reads of its sources, and what it writes for each row.
//
// The columns of the scores, in this order:
//   file      the source, as ingestion names it (with the folders KEY=VALUE right above it)
//   row       the record's number in its file, counted from 0, rejected ones counted: as row_index counts
//   version   of the model, as the registry counts
//   …         those that are kept, as they were read
//   and the scores: `prediction`; or `probability` (of the positive class) and `class`; or `class` and
//   `probability of CLASS` for each class
#pragma once

#include <string>
#include <vector>

#include "features/plan.hpp"
#include "packaging/artifact.hpp"
#include "table/schema.hpp"

namespace millrace {

// A model that scores, and the digest of its artifact's file.
struct ScoringModel {
  Artifact artifact;
  Digest digest;
};
ScoringModel read_scoring_model(const std::string& path);

// The inputs of the models, and the columns to keep: as text, where they are no input. `against` may be null.
// Throws kUsage where the models need one column with different types.
Schema columns_to_read(const ScoringModel& model, const ScoringModel* against,
                       const std::vector<std::string>& keep);

struct ScoreColumns {
  Schema schema;
  std::size_t first_kept = 0;
  std::size_t first_score = 0;
};
// `read`: of columns_to_read(). Throws kUsage where two columns of the scores would have one name.
ScoreColumns score_columns(const TargetPlan& target, const Schema& read,
                           const std::vector<std::string>& keep);

// Which of the target's classes the scores of one row are for: for two, by a probability of at least 0.5.
std::size_t class_of(const TargetPlan& target, std::span<const float> scores);

}  // namespace millrace
