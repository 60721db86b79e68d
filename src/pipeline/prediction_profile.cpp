#include "pipeline/prediction_profile.hpp"

#include <algorithm>

#include "drift/column_distribution.hpp"
#include "pipeline/column_profile.hpp"

namespace millrace {

namespace {

constexpr const char* kClassColumn = "class";

// Outputs are numbered, since a class may have any name.
Schema schema_of(const ScoredPart& scored) {
  std::vector<Field> fields;
  for (std::size_t i = 0; i < scored.options.outputs; ++i)
    fields.push_back({std::to_string(i), ColumnType::kReal});
  if (scored.options.task != Task::kRegression) fields.push_back({kClassColumn, ColumnType::kText});
  return Schema(std::move(fields));
}

std::size_t class_of(std::span<const float> outputs, const EvaluationOptions& options) {
  if (options.task == Task::kBinary) return static_cast<double>(outputs[0]) >= options.threshold ? 1 : 0;
  return static_cast<std::size_t>(std::ranges::max_element(outputs) - outputs.begin());
}

Table table_of(const ScoredShard& shard, const ScoredPart& scored, const TargetPlan& target,
               const Schema& schema) {
  const std::size_t outputs = scored.options.outputs;
  Table table = make_table(schema);
  for (std::size_t i = 0; i < shard.predictions.size(); ++i)
    table.columns[i % outputs].append_real(shard.predictions[i]);
  if (schema.size() == outputs) return table;
  TextAppender classes(table.columns.back());
  for (std::size_t first = 0; first < shard.predictions.size(); first += outputs) {
    const auto row = std::span(shard.predictions).subspan(first, outputs);
    classes.append(target.classes.at(class_of(row, scored.options)));
  }
  return table;
}

std::string label_of(std::size_t output, const TargetPlan& target) {
  if (target.task == "regression") return "value";
  return target.classes.at(target.task == "binary" ? 1 : output);
}

}  // namespace

ColumnProfiles profile_predictions(const Communicator& comm, const ScoredPart& scored,
                                   const TargetPlan& target) {
  const Schema schema = schema_of(scored);
  const ShardSource source = [&](std::size_t shard) -> DataShard {
    const auto found = std::ranges::find(scored.mine, shard, &ScoredShard::shard);
    return {table_of(*found, scored, target, schema), {}};
  };
  ColumnProfiles profiles = profile_columns(comm, scored.shards, schema, source);
  for (std::size_t i = 0; i < scored.options.outputs; ++i) {
    profiles.columns[i]["name"] = label_of(i, target);
    auto distribution = profiles.distributions[i].get<ColumnDistribution>();
    distribution.name = label_of(i, target);
    distribution.numbers = compacted(distribution.numbers, kReferenceGaps);
    profiles.distributions[i] = distribution;
  }
  return profiles;
}

}  // namespace millrace
