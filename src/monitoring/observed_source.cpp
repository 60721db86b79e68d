#include "monitoring/observed_source.hpp"

#include <algorithm>
#include <mutex>

#include "base/parallel.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "features/target_units.hpp"
#include "ingestion/open_source.hpp"
#include "monitoring/typed_columns.hpp"

namespace millrace {

namespace {

// Observers for as many threads as there are, each used by one at a time.
class ObserverPool {
 public:
  explicit ObserverPool(const MonitoredModel& model) : model_(model) {}

  std::unique_ptr<Observer> take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::make_unique<Observer>(model_);
    std::unique_ptr<Observer> observer = std::move(free_.back());
    free_.pop_back();
    return observer;
  }
  void give_back(std::unique_ptr<Observer> observer) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(observer));
  }
  // When nobody has one any more.
  [[nodiscard]] Observer merged() const {
    Observer all(model_);
    for (const auto& observer : free_) all.merge(*observer);
    return all;
  }

 private:
  const MonitoredModel& model_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Observer>> free_;
};

// Predictions and targets of the rows that have both.
ScoredShard scored_rows(const MonitoredModel& model, const Column& target, std::vector<std::uint8_t> keep,
                        const std::vector<float>& predictions) {
  const FeaturePlan& plan = model.artifact.scorer.plan();
  const std::size_t outputs = model.artifact.scorer.outputs();
  FeatureRows targets;
  keep.resize(target.size(), 1);
  plan.apply_target({Schema({{plan.target.column, target.type}}), {target}}, targets, keep);
  ScoredShard scored;
  for (std::size_t row = 0; row < keep.size(); ++row) {
    if (keep[row] == 0) continue;
    scored.targets.push_back(in_target_units(plan.target, targets.target[row]));
    const auto first = predictions.begin() + static_cast<std::ptrdiff_t>(row * outputs);
    scored.predictions.insert(scored.predictions.end(), first, first + static_cast<std::ptrdiff_t>(outputs));
  }
  return scored;
}

// The rows that the scorer answers; those with numbers too large for it are rejected.
ScoredShard observe_rows(const MonitoredModel& model, const Table& inputs,
                         const std::optional<Column>& target, Observer& observer) {
  Scorer::Workspace workspace;
  std::vector<float> predictions;
  std::vector<Scorer::UnfitRow> unfit;
  model.artifact.scorer.answer(inputs, workspace, predictions, unfit);
  std::vector<std::uint8_t> keep;
  if (!unfit.empty()) keep.assign(inputs.rows(), 1);
  for (const Scorer::UnfitRow& row : unfit) keep[row.row] = 0;
  observer.add_inputs(inputs, keep);
  observer.add_predictions(predictions, keep);
  observer.add_rejected(unfit.size());
  if (!target) return {};
  observer.add_target(*target, keep);
  return scored_rows(model, *target, std::move(keep), predictions);
}

void append(ScoredShard& to, ScoredShard&& rows) {
  to.predictions.insert(to.predictions.end(), rows.predictions.begin(), rows.predictions.end());
  to.targets.insert(to.targets.end(), rows.targets.begin(), rows.targets.end());
}

void require_few_rejected_records(const Observation& seen, double max_share) {
  const auto all = static_cast<double>(seen.rows + seen.rejected);
  if (static_cast<double>(seen.rejected) <= max_share * all) return;
  throw data_error("{} of {} records cannot be read, more than data.max_rejected_share allows ({})",
                   seen.rejected, seen.rows + seen.rejected, max_share);
}

}  // namespace

SourceObservation observe_source(const Communicator& comm, const MonitoredModel& model,
                                 const DataConfig& data, const Workspace& workspace) {
  OpenSource source(comm, data, workspace, DigestUse::kNone);
  source.fetch();
  const TypedColumns columns(model, source.look_at_columns());
  source.open(columns.to_read());
  SourceObservation observation;
  observation.shards = static_cast<std::uint32_t>(source.pieces().size());
  ObserverPool observers(model);
  comm.agree([&] {
    const std::vector<BlockOfPiece> blocks = source.blocks_of(source.owned());
    ordered_parallel(
        blocks.size(), source.threads(),
        [&](std::size_t i) {
          const LoadedBlock block = source.load(blocks[i]);
          std::unique_ptr<Observer> observer = observers.take();
          observer->add_rejected(block.record_count - block.records.size());
          ScoredShard scored =
              observe_rows(model, columns.inputs_of(block.table), columns.target_of(block.table), *observer);
          observers.give_back(std::move(observer));
          return scored;
        },
        [&](std::size_t i, ScoredShard&& rows) {
          std::vector<ScoredShard>& all = observation.scored;
          const auto piece = static_cast<std::uint32_t>(blocks[i].piece);
          if (all.empty() || all.back().shard != piece) all.push_back({piece, {}, {}});
          append(all.back(), std::move(rows));
        });
  });
  observation.seen = observers.merged().all_ranks(comm);
  observation.seen.absent = columns.absent();
  require_few_rejected_records(observation.seen, data.max_rejected_share);
  return observation;
}

}  // namespace millrace
