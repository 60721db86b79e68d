#include "pipeline/feature_builder.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "features/extend_plan.hpp"
#include "features/fit.hpp"
#include "ingestion/ingest.hpp"
#include "ingestion/profile.hpp"
#include "pipeline/split.hpp"

namespace millrace {

namespace {

// One fit of the plan over the training rows, and the feature shards that it gives.
class FeatureBuilder {
 public:
  FeatureBuilder(const StageContext& context, const DatasetReader& reader, const FeaturePlan* base)
      : context_(context),
        reader_(reader),
        base_(base),
        window_(base == nullptr ? std::nullopt : window_of(context, reader)),
        split_(context.comm, context.config.data, reader, window_),
        schema_(feature_schema(context.config.data, reader.dataset().schema)) {
    for (std::size_t shard = 0; shard < reader.shards(); ++shard) {
      const auto [first, end] = reader.rows_of_shard(shard);
      if (!window_ || window_->counts(first, end)) shards_.push_back(shard);
    }
  }

  FeatureSet build(const Digest& dataset) {
    FeatureSet set{dataset, fit(), window_, {}};
    const std::string mine = context_.comm.agree([&] { return write_shards(set.plan).dump(); });
    collect(context_.comm.all_gather(mine), set);
    return set;
  }

 private:
  static std::optional<RowWindow> window_of(const StageContext& context, const DatasetReader& reader) {
    return newest_rows(reader.dataset(), context.config.retrain.window, context.config.retrain.replay);
  }

  // Inputs and target: without the columns that only say which rows belong together or when they came.
  static Schema feature_schema(const DataConfig& config, const Schema& all) {
    std::vector<Field> fields;
    for (const Field& field : all) {
      if (field.name != config.split.key && field.name != config.split.time) fields.push_back(field);
    }
    return Schema(std::move(fields));
  }

  [[nodiscard]] std::vector<Part> parts_of(std::size_t shard, const DataShard& data) const {
    return split_.assign(data, reader_.row_indices(shard, data));
  }

  [[nodiscard]] std::vector<std::uint8_t> training_rows(std::size_t shard, const DataShard& data) const {
    const auto parts = parts_of(shard, data);
    std::vector<std::uint8_t> keep(parts.size());
    std::transform(parts.begin(), parts.end(), keep.begin(), [](Part part) { return part == Part::kTrain; });
    return keep;
  }

  FeaturePlan fit() const {
    const auto& comm = context_.comm;
    const FeaturesConfig& config = context_.config.features;
    const std::string& target = context_.config.data.target.column.text;
    const ShardSource source = [this](std::size_t k) { return reader_.read(shards_[k]); };
    const RowFilter filter = [this](std::size_t k, const DataShard& data) {
      return training_rows(shards_[k], data);
    };

    TrainingStatistics statistics;
    statistics.columns = column_statistics(comm, shards_.size(), schema_, source, filter);
    const TargetPlan target_plan = base_ != nullptr ? base_->target : comm.agree([&] {
      return fit_target(context_.config.data.target, statistics.columns.at(target));
    });
    const auto needs = comm.agree([&] { return quantile_needs(config, schema_, target); });
    statistics.quantiles = column_quantiles(comm, shards_.size(), needs, source, filter);
    const auto steps =
        comm.agree([&] { return transformed_moments_needed(config, schema_, target, statistics); });
    if (!steps.empty()) statistics.transformed = transformed_statistics(steps, filter);
    const Warn on_root = [&comm](const std::string& message) {
      if (comm.is_root()) log_warning("{}", message);
    };
    FeaturePlan plan =
        comm.agree([&] { return fit_plan(config, target_plan, schema_, statistics, on_root); });
    return base_ == nullptr ? plan : extend_plan(*base_, plan);
  }

  // Moments of clipped and logged values: the columns are transformed as they are read, then counted as any
  // other.
  std::map<std::string, ColumnStatistics> transformed_statistics(const std::vector<FeatureStep>& steps,
                                                                 const RowFilter& filter) const {
    std::vector<Field> fields;
    for (const FeatureStep& step : steps) fields.push_back({step.column, ColumnType::kReal});
    const ShardSource source = [&](std::size_t k) {
      DataShard data = reader_.read(shards_[k]);
      for (const FeatureStep& step : steps) {
        Column& column = data.table.columns[data.table.schema.index_of(step.column)];
        column = transformed_column(step, column);
      }
      return data;
    };
    // The rows are chosen by the values as they were, so the filter reads the shard anew.
    const RowFilter untransformed = [&](std::size_t k, const DataShard&) {
      return filter(k, reader_.read(shards_[k]));
    };
    return column_statistics(context_.comm, shards_.size(), Schema(fields), source, untransformed);
  }

  // [shard, part, digest, rows] of each feature shard that this rank wrote.
  Json write_shards(const FeaturePlan& plan) const {
    Json written = Json::array();
    for (const std::size_t k : owned_shards(context_.comm, shards_.size())) {
      const std::size_t shard = shards_[k];
      const DataShard data = reader_.read(shard);
      const auto indices = reader_.row_indices(shard, data);
      const auto parts = split_.assign(data, indices);
      for (const Part part : {Part::kTrain, Part::kValidation, Part::kTest}) {
        const FeatureRows rows = rows_of(plan, data.table, indices, parts, part);
        if (rows.rows > 0) written.push_back({shard, part, write(rows).hex(), rows.rows});
      }
    }
    return written;
  }

  static FeatureRows rows_of(const FeaturePlan& plan, const Table& table,
                             const std::vector<std::uint64_t>& indices, const std::vector<Part>& parts,
                             Part part) {
    FeatureRows targets;
    std::vector<std::uint8_t> keep(parts.size());
    std::transform(parts.begin(), parts.end(), keep.begin(), [part](Part p) { return p == part; });
    plan.apply_target(table, targets, keep);  // rows without a target drop out
    FeatureRows rows;
    plan.apply(select_rows(table, keep), rows);
    for (std::size_t row = 0; row < keep.size(); ++row) {
      if (keep[row] == 0) continue;
      rows.target.push_back(targets.target[row]);
      rows.weight.push_back(1);
      rows.row.push_back(indices[row]);
    }
    return rows;
  }

  [[nodiscard]] Digest write(const FeatureRows& rows) const {
    PendingFile file(context_.workspace.temporary_folder() + "/features.h5");
    write_feature_shard(file.temporary_path(), rows);
    return context_.workspace.put_object(file);
  }

  static void collect(const std::vector<std::string>& by_rank, FeatureSet& set) {
    std::vector<Json> entries;
    for (const std::string& text : by_rank) {
      for (Json& entry : Json::parse(text)) entries.push_back(std::move(entry));
    }
    std::sort(entries.begin(), entries.end(), [](const Json& a, const Json& b) { return a[0] < b[0]; });
    for (const Json& entry : entries) {
      set.parts.at(entry[1].get<std::size_t>())
          .push_back({Digest::from_hex(entry[2].get<std::string>()), entry[3].get<std::uint64_t>()});
    }
  }

  const StageContext& context_;
  const DatasetReader& reader_;
  const FeaturePlan* base_;
  std::optional<RowWindow> window_;
  RowSplit split_;
  Schema schema_;
  std::vector<std::size_t> shards_;  // those of the dataset whose rows may count
};

}  // namespace

FeatureSet build_features(const StageContext& context, const DatasetReader& reader, const Digest& dataset,
                          const FeaturePlan* base) {
  return FeatureBuilder(context, reader, base).build(dataset);
}

}  // namespace millrace
