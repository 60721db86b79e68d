#include "pipeline/feature_builder.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "features/fit.hpp"
#include "ingestion/ingest.hpp"
#include "ingestion/profile.hpp"
#include "pipeline/split.hpp"

namespace millrace {

namespace {

// One fit of the plan over the training rows, and the feature shards that it gives.
class FeatureBuilder {
 public:
  FeatureBuilder(const StageContext& context, const DatasetReader& reader)
      : context_(context),
        reader_(reader),
        split_(context.comm, context.config.data, reader),
        schema_(feature_schema(context.config.data, reader.dataset().schema)) {}

  FeatureSet build(const Digest& dataset) {
    FeatureSet set{dataset, fit(), {}};
    const std::string mine = context_.comm.agree([&] { return write_shards(set.plan).dump(); });
    collect(context_.comm.all_gather(mine), set);
    return set;
  }

 private:
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
    const ShardSource source = [this](std::size_t shard) { return reader_.read(shard); };
    const RowFilter filter = [this](std::size_t shard, const DataShard& data) {
      return training_rows(shard, data);
    };

    TrainingStatistics statistics;
    statistics.columns = column_statistics(comm, reader_.shards(), schema_, source, filter);
    const TargetPlan target_plan =
        comm.agree([&] { return fit_target(context_.config.data.target, statistics.columns.at(target)); });
    const auto needs = comm.agree([&] { return quantile_needs(config, schema_, target); });
    statistics.quantiles = column_quantiles(comm, reader_.shards(), needs, source, filter);
    const auto steps =
        comm.agree([&] { return transformed_moments_needed(config, schema_, target, statistics); });
    if (!steps.empty()) statistics.transformed = transformed_statistics(steps, filter);
    const Warn on_root = [&comm](const std::string& message) {
      if (comm.is_root()) log_warning("{}", message);
    };
    return comm.agree([&] { return fit_plan(config, target_plan, schema_, statistics, on_root); });
  }

  // Moments of clipped and logged values: the columns are transformed as they are read, then counted as any
  // other.
  std::map<std::string, ColumnStatistics> transformed_statistics(const std::vector<FeatureStep>& steps,
                                                                 const RowFilter& filter) const {
    std::vector<Field> fields;
    for (const FeatureStep& step : steps) fields.push_back({step.column, ColumnType::kReal});
    const ShardSource source = [&](std::size_t shard) {
      DataShard data = reader_.read(shard);
      for (const FeatureStep& step : steps) {
        Column& column = data.table.columns[data.table.schema.index_of(step.column)];
        column = transformed_column(step, column);
      }
      return data;
    };
    // The rows are chosen by the values as they were, so the filter reads the shard anew.
    const RowFilter untransformed = [&](std::size_t shard, const DataShard&) {
      return filter(shard, reader_.read(shard));
    };
    return column_statistics(context_.comm, reader_.shards(), Schema(fields), source, untransformed);
  }

  // [shard, part, digest, rows] of each feature shard that this rank wrote.
  Json write_shards(const FeaturePlan& plan) const {
    Json written = Json::array();
    for (std::size_t shard = 0; shard < reader_.shards(); ++shard) {
      if (!owns_shard(context_.comm, shard)) continue;
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
  RowSplit split_;
  Schema schema_;
};

}  // namespace

FeatureSet build_features(const StageContext& context, const DatasetReader& reader, const Digest& dataset) {
  return FeatureBuilder(context, reader).build(dataset);
}

}  // namespace millrace
