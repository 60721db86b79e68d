#include "pipeline/row_window.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "ingestion/partitions.hpp"

namespace millrace {

namespace {

std::string partition_of(const std::string& source) {
  const std::vector<PartitionValue> values = partition_values(source);
  return values.empty() ? source : values.front().key + "=" + values.front().text;
}

}  // namespace

bool RowWindow::overlaps(std::uint64_t first, std::uint64_t end) const {
  const auto ends_after = [&](const auto& range) { return range.second > first; };
  const auto range = std::ranges::find_if(recent, ends_after);
  return range != recent.end() && range->first < end;
}

void to_json(Json& json, const RowWindow& window) {
  json = {{"recent", window.recent}, {"replay", window.replay}};
}

void from_json(const Json& json, RowWindow& window) {
  json.at("recent").get_to(window.recent);
  json.at("replay").get_to(window.replay);
}

RowWindow newest_rows(const Dataset& dataset, std::size_t partitions, double replay) {
  RowWindow window{{}, replay};
  if (partitions == 0) return {{{0, std::numeric_limits<std::uint64_t>::max()}}, replay};
  std::set<std::string> newest;
  for (auto source = dataset.sources.rbegin(); source != dataset.sources.rend(); ++source) {
    if (newest.size() < partitions) newest.insert(partition_of(source->name));
  }
  std::uint64_t first = 0;
  for (const ShardEntry& shard : dataset.shards) {
    const std::uint64_t end = first + shard.records;
    if (newest.contains(partition_of(dataset.sources[shard.source].name))) {
      const bool goes_on = !window.recent.empty() && window.recent.back().second == first;
      goes_on ? void(window.recent.back().second = end) : void(window.recent.emplace_back(first, end));
    }
    first = end;
  }
  return window;
}

}  // namespace millrace
