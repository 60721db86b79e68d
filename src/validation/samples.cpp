#include "validation/samples.hpp"

#include <algorithm>

#include "table/format.hpp"

namespace millrace {

namespace {

Json first_of(std::vector<Sample> samples) {
  std::sort(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) { return a.row < b.row; });
  samples.resize(std::min(samples.size(), kMaxSamples));
  Json shown = Json::array();
  for (Sample& sample : samples) shown.push_back(std::move(sample.shown));
  return shown;
}

// [[[row, shown], …], …]
Json lists_to_json(std::span<const std::vector<Sample>> lists) {
  Json json = Json::array();
  for (const std::vector<Sample>& list : lists) {
    Json entries = Json::array();
    for (const Sample& sample : list) entries.push_back({sample.row, sample.shown});
    json.push_back(std::move(entries));
  }
  return json;
}

}  // namespace

ShardPositions::ShardPositions(const Dataset& dataset) : dataset_(&dataset) {
  std::uint64_t rows = 0;
  std::vector<std::uint64_t> records(dataset.sources.size(), 0);  // of each source so far
  for (const ShardEntry& shard : dataset.shards) {
    first_rows_.push_back(rows);
    first_records_.push_back(records.at(shard.source));
    rows += shard.rows;
    records[shard.source] += shard.records;
  }
}

Sample ShardPositions::sample(std::size_t shard, const DataShard& data, const Column& column,
                              std::size_t row) const {
  const std::string& file = dataset_->sources[dataset_->shards[shard].source].name;
  const Json value = column.is_valid(row) ? Json(format_value(column, row)) : Json();
  return {first_rows_[shard] + row,
          {{"file", file}, {"record", first_records_[shard] + data.records[row] + 1}, {"value", value}}};
}

std::vector<Json> first_samples(const Communicator& comm, std::span<const std::vector<Sample>> lists) {
  std::vector<std::vector<Sample>> merged(lists.size());
  for (const std::string& bytes : comm.all_gather(canonical_json(lists_to_json(lists)))) {
    Json from_rank = parse_json(bytes, "samples");
    for (std::size_t i = 0; i < merged.size(); ++i) {
      for (Json& entry : from_rank.at(i)) {
        merged[i].push_back({entry.at(0).get<std::uint64_t>(), std::move(entry.at(1))});
      }
    }
  }
  std::vector<Json> result;
  for (std::vector<Sample>& samples : merged) result.push_back(first_of(std::move(samples)));
  return result;
}

}  // namespace millrace
