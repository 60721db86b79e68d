#include "pipeline/segments.hpp"

#include <algorithm>
#include <unordered_map>

#include "evaluation/groups.hpp"
#include "pipeline/named_columns.hpp"
#include "table/format.hpp"

namespace millrace {

namespace {

// The number of each row's segment.
using Segments = RowGroups::value_type;

// Its values, the most frequent first; behind them are the segments of all others and of missing values.
struct SegmentColumn {
  std::string name;
  std::vector<std::string> values;

  [[nodiscard]] std::size_t others() const { return values.size(); }
  [[nodiscard]] std::size_t missing() const { return values.size() + 1; }
  [[nodiscard]] std::size_t size() const { return values.size() + 2; }
};

SegmentColumn segment_column(const Dataset& dataset, std::size_t index) {
  SegmentColumn column{dataset.schema[index].name, {}};
  for (const auto& [value, rows] : dataset.profile[index].statistics.distinct.most_frequent(kSegmentValues))
    column.values.push_back(value);
  return column;
}

std::vector<SegmentColumn> named_columns(const std::vector<SourceText>& names, const Dataset& dataset) {
  std::vector<SegmentColumn> columns;
  for (const SourceText& name : names)
    columns.push_back(segment_column(dataset, dataset.schema.index_of(name.text)));
  return columns;
}

bool has_few_values(const Dataset& dataset, std::size_t index) {
  const TypeKind kind = dataset.schema[index].type.kind;
  const DistinctCounter& distinct = dataset.profile[index].statistics.distinct;
  return (kind == TypeKind::kText || kind == TypeKind::kBoolean) && distinct.exact() &&
         distinct.count() >= 2 && distinct.count() <= kSegmentValues;
}

std::vector<SegmentColumn> usual_columns(const FeaturePlan& plan, const Dataset& dataset) {
  std::vector<SegmentColumn> columns;
  for (const std::string& name : plan.input_columns()) {
    const std::size_t index = dataset.schema.index_of(name);
    if (columns.size() < kSegmentColumns && has_few_values(dataset, index))
      columns.push_back(segment_column(dataset, index));
  }
  return columns;
}

// The dataset's shard that rows of this row_index lie in.
std::size_t shard_of(const std::vector<std::uint64_t>& first_records, std::uint64_t row_index) {
  const auto above = std::ranges::upper_bound(first_records, row_index);
  return static_cast<std::size_t>(above - first_records.begin()) - 1;
}

// Finds for each scored row which segment of each column it belongs to.
class SegmentFinder {
 public:
  SegmentFinder(const DatasetReader& reader, const std::vector<SegmentColumn>& columns)
      : reader_(reader), columns_(columns), first_records_(reader.dataset().first_records()) {
    for (const SegmentColumn& column : columns) names_.push_back(column.name);
  }

  // By column: the segment of each row of the scored shard. Its rows are in the order of the dataset's.
  [[nodiscard]] std::vector<Segments> find(const ScoredShard& scored) const {
    const std::size_t shard = shard_of(first_records_, scored.rows.front());
    const DataShard data = reader_.read(shard, names_);
    const auto indices = reader_.row_indices(shard, data);
    std::vector<Segments> segments;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const auto of_data = segments_of(columns_[c], data.table.columns[c]);
      segments.emplace_back();
      auto at = indices.begin();
      for (const std::uint64_t row : scored.rows) {
        at = std::lower_bound(at, indices.end(), row);
        segments.back().push_back(of_data[static_cast<std::size_t>(at - indices.begin())]);
      }
    }
    return segments;
  }

 private:
  static Segments segments_of(const SegmentColumn& column, const Column& values) {
    std::unordered_map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < column.values.size(); ++i) known.emplace(column.values[i], i);
    Segments segments;
    for (std::size_t row = 0; row < values.size(); ++row) {
      if (!values.is_valid(row)) {
        segments.push_back(static_cast<std::uint8_t>(column.missing()));
        continue;
      }
      const auto found = known.find(format_value(values, row));
      segments.push_back(static_cast<std::uint8_t>(found != known.end() ? found->second : column.others()));
    }
    return segments;
  }

  const DatasetReader& reader_;
  const std::vector<SegmentColumn>& columns_;
  std::vector<std::uint64_t> first_records_;
  std::vector<std::string> names_;
};

// By column: the segments of all scored rows of this rank.
std::vector<RowGroups> find_segments(const DatasetReader& reader, const std::vector<SegmentColumn>& columns,
                                     const ScoredPart& scored) {
  const SegmentFinder finder(reader, columns);
  std::vector<RowGroups> by_column(columns.size());
  for (const ScoredShard& shard : scored.mine) {
    auto segments = finder.find(shard);
    for (std::size_t c = 0; c < columns.size(); ++c) by_column[c].push_back(std::move(segments[c]));
  }
  return by_column;
}

Json describe(const SegmentColumn& column, std::size_t segment, const Evaluation& evaluation) {
  Json described{{"column", column.name}, {"metrics", evaluation.metrics}};
  if (segment < column.others()) described["value"] = column.values[segment];
  if (segment == column.others()) described["others"] = true;
  if (segment == column.missing()) described["value"] = nullptr;
  return described;
}

}  // namespace

Json evaluate_segments(const StageContext& context, const FeatureSet& set, const ScoredPart& scored) {
  const Communicator& comm = context.comm;
  const auto reader = comm.agree([&] { return DatasetReader(context.workspace, set.dataset); });
  const auto columns = comm.agree([&] {
    check_named_columns(context.config, reader.dataset().schema);
    const auto& named = context.config.evaluation.segments;
    return named ? named_columns(*named, reader.dataset()) : usual_columns(set.plan, reader.dataset());
  });
  if (columns.empty()) return Json::array();
  const auto found = comm.agree([&] { return find_segments(reader, columns, scored); });
  Json all = Json::array();
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto evaluations =
        evaluate_groups(comm, scored.mine, scored.shards, scored.options, found[c], columns[c].size());
    for (std::size_t segment = 0; segment < evaluations.size(); ++segment) {
      if (evaluations[segment].metrics.at("rows") > 0)
        all.push_back(describe(columns[c], segment, evaluations[segment]));
    }
  }
  return all;
}

}  // namespace millrace
