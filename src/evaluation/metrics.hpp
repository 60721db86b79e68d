// Metrics of predictions that lie spread over ranks. Counts are exact; sums are taken shard by shard and
// merged in shard order, so that no figure depends on the number of ranks. Names and definitions as
// scikit-learn's where it has them: roc_auc_score, log_loss, accuracy_score, f1_score (multiclass: macro),
// mean_squared_error, r2_score.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "comm/communicator.hpp"
#include "model/network.hpp"

namespace millrace {

// Predictions of one shard's rows: rows × outputs probabilities (binary: of the positive class) or values in
// the target's units, beside the true target (class index, or value).
struct ScoredShard {
  std::uint32_t shard = 0;  // position in the global order of shards
  std::vector<float> predictions;
  std::vector<float> targets;
  std::vector<std::uint64_t> rows{};  // row_index of each, for those who look further; may be left out
};

struct EvaluationOptions {
  Task task = Task::kBinary;
  std::size_t outputs = 1;
  double threshold = 0.5;
  std::uint32_t calibration_bins = 10;
};

// binary: auc (exact, ties by mid-rank; needs both classes), log_loss, brier, accuracy, precision, recall,
// f1, calibration_error (ECE over equal-width bins), positive_share. multiclass: accuracy, log_loss, brier,
// f1 (macro), calibration_error (of the likeliest class). regression: rmse, mae, r2 (needs two rows). All:
// rows, and with no rows nothing else. Precision, recall and F1 are 0 where they would be 0/0. Probabilities
// in log_loss are clipped to [ε, 1 − ε], ε = 2⁻²³: both as in scikit-learn, which takes the ε of float32
// probabilities.
struct Evaluation {
  std::map<std::string, double> metrics;  // a metric that is not defined on these rows is absent
  Json curves = Json::object();  // binary: "roc": [[fpr, tpr], …] (≤ 200 points); of classes "calibration":
                                 // [{mean, share, rows}]
};

// Collective; every rank gets the same result. Each shard occurs on one rank. Throws kDiverged on every
// rank where a prediction is infinite or NaN.
Evaluation evaluate(const Communicator& comm, const std::vector<ScoredShard>& mine, std::uint32_t shards,
                    const EvaluationOptions& options);

// Exact area under the ROC curve of scores spread over ranks (Mann-Whitney U; Hanley and McNeil 1982).
// Collective. Values are dealt out by score range, so no rank holds all rows. NaN where only one class
// occurs.
double exact_auc(const Communicator& comm, const std::vector<float>& scores,
                 const std::vector<float>& targets);

// True where larger is better ("auc"); false for errors ("rmse", "log_loss"). Throws kUsage with the known
// names.
bool larger_is_better(const std::string& metric);

}  // namespace millrace
