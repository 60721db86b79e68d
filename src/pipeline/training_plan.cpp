#include "pipeline/training_plan.hpp"

#include <algorithm>
#include <numeric>

#include "base/log.hpp"
#include "features/extend_plan.hpp"
#include "features/fit.hpp"
#include "ingestion/profile.hpp"

namespace millrace {

namespace {

// Inputs and target: without the columns that only say which rows belong together or when they came.
Schema feature_schema(const DataConfig& config, const Schema& all) {
  std::vector<Field> fields;
  for (const Field& field : all) {
    if (field.name != config.split.key && field.name != config.split.time) fields.push_back(field);
  }
  return Schema(std::move(fields));
}

// The training rows of some shards of a dataset, which statistics are taken of. Shards go by their places
// among these here.
class TrainingRows {
 public:
  TrainingRows(const Communicator& comm, const DatasetReader& reader, const RowSplit& split,
               std::vector<std::size_t> shards)
      : comm_(comm), reader_(reader), split_(split), shards_(std::move(shards)) {}

  [[nodiscard]] std::map<std::string, ColumnStatistics> statistics(const Schema& schema) const {
    return column_statistics(comm_, shards_.size(), schema, source(schema.names()), filter());
  }

  [[nodiscard]] std::map<std::string, std::map<double, double>> quantiles(const QuantileNeeds& needs) const {
    std::vector<std::string> names;
    for (const auto& [name, shares] : needs) names.push_back(name);
    return column_quantiles(comm_, shards_.size(), needs, source(names), filter());
  }

  // Moments of clipped and logged values: the columns are transformed as they are read, then counted as any
  // other.
  [[nodiscard]] std::map<std::string, ColumnStatistics> transformed(
      const std::vector<FeatureStep>& steps) const {
    std::vector<Field> fields;
    for (const FeatureStep& step : steps) fields.push_back({step.column, ColumnType::kReal});
    const Schema schema(std::move(fields));
    const ShardSource as_they_are = source(schema.names());
    const ShardSource transforming = [&](std::size_t k) {
      DataShard data = as_they_are(k);
      for (const FeatureStep& step : steps) {
        Column& column = data.table.columns[data.table.schema.index_of(step.column)];
        column = transformed_column(step, column);
      }
      return data;
    };
    // The rows are chosen by the values as they were, so the filter reads these anew.
    const RowFilter untransformed = [this](std::size_t k, const DataShard&) {
      return training_rows(k, reader_.read(shards_[k], split_.columns()));
    };
    return column_statistics(comm_, shards_.size(), schema, transforming, untransformed);
  }

 private:
  // These columns, and those that rows are chosen by.
  [[nodiscard]] ShardSource source(std::vector<std::string> names) const {
    for (const std::string& name : split_.columns()) {
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
    return [this, names](std::size_t k) { return reader_.read(shards_[k], names); };
  }

  [[nodiscard]] RowFilter filter() const {
    return [this](std::size_t k, const DataShard& data) { return training_rows(k, data); };
  }

  [[nodiscard]] std::vector<std::uint8_t> training_rows(std::size_t k, const DataShard& data) const {
    const auto parts = split_.assign(data, reader_.row_indices(shards_[k], data));
    std::vector<std::uint8_t> keep(parts.size());
    std::transform(parts.begin(), parts.end(), keep.begin(), [](Part part) { return part == Part::kTrain; });
    return keep;
  }

  const Communicator& comm_;
  const DatasetReader& reader_;
  const RowSplit& split_;
  std::vector<std::size_t> shards_;
};

std::vector<std::size_t> all_shards(const DatasetReader& reader) {
  std::vector<std::size_t> shards(reader.shards());
  std::iota(shards.begin(), shards.end(), std::size_t{0});
  return shards;
}

}  // namespace

FeaturePlan fit_training_plan(const StageContext& context, const DatasetReader& reader,
                              const RowSplit& split) {
  const Communicator& comm = context.comm;
  const FeaturesConfig& config = context.config.features;
  const std::string& target = context.config.data.target.column.text;
  const Schema schema = feature_schema(context.config.data, reader.dataset().schema);
  const TrainingRows rows(comm, reader, split, all_shards(reader));

  TrainingStatistics statistics;
  statistics.columns = rows.statistics(schema);
  const TargetPlan target_plan =
      comm.agree([&] { return fit_target(context.config.data.target, statistics.columns.at(target)); });
  statistics.quantiles = rows.quantiles(comm.agree([&] { return quantile_needs(config, schema, target); }));
  const auto steps =
      comm.agree([&] { return transformed_moments_needed(config, schema, target, statistics); });
  if (!steps.empty()) statistics.transformed = rows.transformed(steps);
  const Warn on_root = [&comm](const std::string& message) {
    if (comm.is_root()) log_warning("{}", message);
  };
  return comm.agree([&] { return fit_plan(config, target_plan, schema, statistics, on_root); });
}

FeaturePlan extend_training_plan(const StageContext& context, const DatasetReader& reader,
                                 const RowSplit& split, const std::vector<std::size_t>& shards,
                                 const FeaturePlan& base) {
  const Schema schema = feature_schema(context.config.data, reader.dataset().schema);
  const auto statistics = TrainingRows(context.comm, reader, split, shards).statistics(level_columns(base));
  return context.comm.agree([&] { return extend_plan(base, context.config.features, schema, statistics); });
}

}  // namespace millrace
