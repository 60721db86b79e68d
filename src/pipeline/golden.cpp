#include "pipeline/golden.hpp"

#include "pipeline/dataset_reader.hpp"
#include "pipeline/split.hpp"
#include "table/format.hpp"

namespace millrace {

namespace {

Json json_value(const Column& column, std::size_t row) {
  if (!column.is_valid(row)) return nullptr;
  switch (column.type.kind) {
    case TypeKind::kBoolean:
      return column.integers[row] != 0;
    case TypeKind::kInteger:
      return column.integers[row];
    case TypeKind::kReal:
      return column.reals[row];
    default:
      return format_value(column, row);
  }
}

Json json_row(const Table& table, std::size_t row) {
  Json object = Json::object();
  for (std::size_t i = 0; i < table.schema.size(); ++i) {
    object[table.schema[i].name] = json_value(table.columns[i], row);
  }
  return object;
}

}  // namespace

GoldenRows make_golden_rows(const StageContext& context, const TrainedCandidate& candidate,
                            const RowSplit& split, std::size_t count) {
  const DatasetReader reader(context.workspace, candidate.features.dataset);
  const Schema inputs = candidate.scorer.plan().input_schema();
  const Part wanted = candidate.features.rows(Part::kTest) > 0 ? Part::kTest : Part::kTrain;
  GoldenRows golden;
  for (std::size_t shard = 0; shard < reader.shards() && golden.rows.size() < count; ++shard) {
    const DataShard data = reader.read(shard);
    const auto parts = split.assign(data, reader.row_indices(shard, data));
    for (std::size_t row = 0; row < parts.size() && golden.rows.size() < count; ++row) {
      if (parts[row] != wanted) continue;
      Json object = json_row(data.table, row);
      Json picked = Json::object();
      for (const Field& field : inputs) picked[field.name] = object.at(field.name);
      golden.rows.push_back(std::move(picked));
    }
  }
  // Scored from the JSON, as a client's request would be.
  Scorer::Workspace workspace;
  candidate.scorer.predict(table_from_json_rows(golden.rows, inputs), workspace, golden.predictions);
  return golden;
}

}  // namespace millrace
