#include "pipeline/scoring.hpp"

#include <algorithm>

#include "base/topics.hpp"
#include "features/target_units.hpp"
#include "ingestion/ingest.hpp"
#include "pipeline/split.hpp"
#include "storage/feature_shard.hpp"
#include "training/device.hpp"

namespace millrace {

namespace {

constexpr std::size_t kRowsAtOnce = 16384;

EvaluationOptions options_for(const StageContext& context, const Scorer& scorer) {
  return {scorer.network().spec().task, scorer.outputs(), context.config.evaluation.threshold,
          context.config.evaluation.calibration_bins};
}

void append_targets(const TargetPlan& target, const FeatureRows& rows, ScoredShard& scored) {
  scored.rows.insert(scored.rows.end(), rows.row.begin(), rows.row.end());
  for (const float value : rows.target) scored.targets.push_back(in_target_units(target, value));
}

// The candidate's weights on the device that training takes; null where that is the CPU, which the scorer
// does itself.
std::unique_ptr<Backend> backend_for(const StageContext& context, const Scorer& scorer) {
  const Device device = choose_device(context.comm, context.config.training);
  if (device.module == nullptr) return nullptr;
  const Network& network = scorer.network();
  auto backend =
      make_backend(context.comm, device, network.spec(), context.config.training, BackendUse::kScoring);
  const std::vector<float> nothing(network.parameters().size());
  context.comm.agree([&] {
    backend->load({{network.parameters().begin(), network.parameters().end()}, nothing, nothing, 0});
  });
  return backend;
}

void predict(const Scorer& scorer, const FeatureRows& rows, Backend* backend, Network::Workspace& workspace,
             std::vector<float>& predictions) {
  if (backend == nullptr) return scorer.predict(rows, workspace, predictions);
  predictions.resize(rows.rows * scorer.outputs());
  backend->predict({rows.rows, rows.numeric, rows.categorical}, predictions);
  scorer.finish(predictions);
}

ScoredShard score_feature_shard(const Scorer& scorer, Backend* backend, const std::string& path,
                                std::size_t shard) {
  const FeatureShardReader reader(path);
  ScoredShard scored{static_cast<std::uint32_t>(shard), {}, {}};
  Network::Workspace workspace;
  std::vector<float> predictions;
  for (std::size_t first = 0; first < reader.rows(); first += kRowsAtOnce) {
    FeatureRows rows;
    reader.read(first, std::min(kRowsAtOnce, reader.rows() - first), rows);
    predict(scorer, rows, backend, workspace, predictions);
    scored.predictions.insert(scored.predictions.end(), predictions.begin(), predictions.end());
    append_targets(scorer.plan().target, rows, scored);
  }
  return scored;
}

ScoredShard score_data_shard(const Scorer& scorer, const DatasetReader& reader, const RowSplit& split,
                             std::size_t shard) {
  const DataShard data = reader.read(shard);
  const auto parts = split.assign(data, reader.row_indices(shard, data));
  std::vector<std::uint8_t> keep(parts.size());
  std::transform(parts.begin(), parts.end(), keep.begin(), [](Part part) { return part == Part::kTest; });
  FeatureRows targets;
  scorer.plan().apply_target(data.table, targets, keep);
  ScoredShard scored{static_cast<std::uint32_t>(shard), {}, {}};
  Scorer::Workspace workspace;
  scorer.predict(select_rows(data.table, keep), workspace, scored.predictions);
  for (std::size_t row = 0; row < keep.size(); ++row) {
    if (keep[row] != 0) scored.targets.push_back(in_target_units(scorer.plan().target, targets.target[row]));
  }
  return scored;
}

void require_comparable(const Scorer& champion, const FeatureSet& set, const Schema& schema) {
  const TargetPlan& theirs = champion.plan().target;
  const TargetPlan& ours = set.plan.target;
  if (theirs.column != ours.column || theirs.task != ours.task || theirs.classes != ours.classes) {
    throw data_error("it predicts '{}' ({}), not '{}' ({}) with the same classes", theirs.column, theirs.task,
                     ours.column, ours.task);
  }
  for (const Field& field : champion.plan().input_schema()) {
    if (!schema.contains(field.name)) throw data_error("it needs the column '{}', which is gone", field.name);
    const ColumnType type = schema[schema.index_of(field.name)].type;
    if (type != field.type) {
      throw Error(Topic::kChangedType, "it needs the column '{}' as {}; it is {} now", field.name,
                  to_string(field.type), to_string(type));
    }
  }
}

}  // namespace

ScoredPart score_part(const StageContext& context, const Scorer& scorer, const FeatureSet& set, Part part) {
  const auto paths = set.paths(part, context.workspace);
  ScoredPart scored{{}, static_cast<std::uint32_t>(paths.size()), options_for(context, scorer)};
  if (paths.empty()) return scored;
  const std::unique_ptr<Backend> backend = backend_for(context, scorer);
  context.comm.agree([&] {
    for (const std::size_t shard : owned_shards(context.comm, paths.size()))
      scored.mine.push_back(score_feature_shard(scorer, backend.get(), paths[shard], shard));
  });
  return scored;
}

Evaluation evaluate_part(const StageContext& context, const ScoredPart& scored) {
  return scored.shards == 0 ? Evaluation{}
                            : evaluate(context.comm, scored.mine, scored.shards, scored.options);
}

Evaluation evaluate_champion(const StageContext& context, const Scorer& champion, const FeatureSet& set) {
  const auto reader = context.comm.agree([&] { return DatasetReader(context.workspace, set.dataset); });
  context.comm.agree([&] { require_comparable(champion, set, reader.dataset().schema); });
  const RowSplit split(context.comm, context.config.data, reader, set.window);
  const auto mine = context.comm.agree([&] {
    std::vector<ScoredShard> scored;
    for (std::size_t shard = 0; shard < reader.shards(); ++shard) {
      if (!owns_shard(context.comm, shard)) continue;
      const auto [first, end] = reader.rows_of_shard(shard);
      const bool is_old = set.window && !set.window->overlaps(first, end);  // none of its rows is test
      scored.push_back(is_old ? ScoredShard{static_cast<std::uint32_t>(shard), {}, {}}
                              : score_data_shard(champion, reader, split, shard));
    }
    return scored;
  });
  return evaluate(context.comm, mine, static_cast<std::uint32_t>(reader.shards()),
                  options_for(context, champion));
}

}  // namespace millrace
