// Scoring the shards of a part, spread over ranks: the candidate from its feature shards, a champion (whose
// plan may be another) from the dataset's rows.
#pragma once

#include <string>
#include <vector>

#include "evaluation/metrics.hpp"
#include "model/scorer.hpp"
#include "pipeline/dataset_reader.hpp"
#include "pipeline/feature_set.hpp"
#include "pipeline/stage.hpp"

namespace millrace {

// What a model predicts for the rows of a part, each shard on one rank.
struct ScoredPart {
  std::vector<ScoredShard> mine;
  std::uint32_t shards = 0;  // of all ranks
  EvaluationOptions options;
};

// The candidate on a part, scored on the device that training.device leads to. Collective.
ScoredPart score_part(const StageContext& context, const Scorer& scorer, const FeatureSet& set, Part part);

// Collective; no metrics where there are no rows.
Evaluation evaluate_part(const StageContext& context, const ScoredPart& scored);

// Metrics of another model on the dataset's test rows. Collective. Throws kDataRejected where the model
// cannot be compared on this data: it needs a column that is not there, or predicts something else.
Evaluation evaluate_champion(const StageContext& context, const Scorer& champion, const FeatureSet& set);

}  // namespace millrace
