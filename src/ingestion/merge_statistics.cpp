#include "ingestion/merge_statistics.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/json.hpp"

namespace millrace {

// What some ranks know of one column.
struct ColumnParts {
  std::map<std::size_t, ColumnStatistics> by_shard;  // without their distinct counts
  DistinctCounter distinct;

  explicit ColumnParts(ColumnType type) : distinct(type) {}
  // Takes them out of a rank's parts.
  ColumnParts(ShardStatistics& parts, std::size_t column, ColumnType type) : ColumnParts(type) {
    if (!parts.distinct_.empty()) distinct = std::move(parts.distinct_[column]);
    for (auto& [shard, columns] : parts.by_shard_) by_shard.emplace(shard, std::move(columns[column]));
  }

  void merge(ColumnParts other) {
    by_shard.merge(other.by_shard);
    distinct.merge(other.distinct);
  }
};

namespace {

// json[0]: [shard, statistics] pairs, json[1]: distinct counts.
std::string serialized(const ColumnParts& parts) {
  return canonical_json({Json(parts.by_shard), with_buckets(parts.distinct)});
}

ColumnParts deserialized(const std::string& text, ColumnType type) {
  const Json json = Json::parse(text);
  ColumnParts parts(type);
  parts.by_shard = json[0].get<std::map<std::size_t, ColumnStatistics>>();
  parts.distinct = json[1].get<DistinctCounter>();
  return parts;
}

ColumnStatistics merged(ColumnParts parts, ColumnType type) {
  std::vector<ColumnStatistics> in_order;
  for (auto& [shard, statistics] : parts.by_shard) in_order.push_back(std::move(statistics));
  ColumnStatistics result = in_order.empty() ? ColumnStatistics(type) : merge_tree(std::move(in_order));
  result.distinct = std::move(parts.distinct);
  return result;
}

// One column for each rank, `first` + rank, merged by it and told to all. What stays on a rank is not
// serialized.
void merge_round(const Communicator& comm, const Schema& schema, std::size_t first, ShardStatistics& parts,
                 std::vector<ColumnStatistics>& all) {
  const std::size_t columns = std::min(schema.size() - first, static_cast<std::size_t>(comm.size()));
  const auto mine = static_cast<std::size_t>(comm.rank());
  std::vector<std::string> to(static_cast<std::size_t>(comm.size()));
  std::optional<ColumnParts> kept;
  for (std::size_t r = 0; r < columns; ++r) {
    ColumnParts column(parts, first + r, schema[first + r].type);
    if (r == mine) {
      kept = std::move(column);
    } else {
      to[r] = serialized(column);
    }
  }
  const std::vector<std::string> from = comm.all_to_all(to);
  std::string told;
  if (kept) {
    const ColumnType type = schema[first + mine].type;
    for (std::size_t r = 0; r < from.size(); ++r) {
      if (r != mine) kept->merge(deserialized(from[r], type));
    }
    all[first + mine] = merged(std::move(*kept), type);
    if (comm.size() > 1) {
      Json json = all[first + mine];
      json["distinct"] = with_buckets(all[first + mine].distinct);
      told = canonical_json(json);
    }
  }
  const std::vector<std::string> results = comm.all_gather(told);
  for (std::size_t r = 0; r < columns; ++r) {
    if (r != mine) all[first + r] = Json::parse(results[r]).get<ColumnStatistics>();
  }
}

}  // namespace

void ShardStatistics::add(std::size_t shard, std::vector<ColumnStatistics> columns) {
  for (std::size_t i = distinct_.size(); i < columns.size(); ++i) distinct_.emplace_back(columns[i].type);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    distinct_[i].merge(std::exchange(columns[i].distinct, DistinctCounter(columns[i].type)));
  }
  by_shard_.emplace(shard, std::move(columns));
}

std::vector<ColumnStatistics> merge_over_shards(const Communicator& comm, const Schema& schema,
                                                ShardStatistics parts) {
  std::vector<ColumnStatistics> all(schema.size());
  for (std::size_t first = 0; first < schema.size(); first += static_cast<std::size_t>(comm.size())) {
    merge_round(comm, schema, first, parts, all);
  }
  return all;
}

}  // namespace millrace
