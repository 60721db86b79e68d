#include "ingestion/kept_values.hpp"

#include <algorithm>
#include <vector>

#include "base/log.hpp"
#include "statistics/quantiles.hpp"

namespace millrace {

namespace {

constexpr const char* kValuesAction = "values";
constexpr int kValuesFormat = 1;

Digest values_key(const Digest& shard, std::size_t group, Json& parts) {
  parts = {{"shard", shard.hex()}, {"group", group}};
  return digest_of(canonical_json(parts));
}

}  // namespace

KeptValues values_within(const Column& column, const KeyRanges& ranges) {
  std::vector<std::uint64_t> keys;
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (!column.is_valid(row)) continue;
    const std::uint64_t key = order_key(column.number(row));
    if (ranges.contains(key)) keys.push_back(key);
  }
  std::ranges::sort(keys);
  KeptValues kept{ranges, {}};
  for (const std::uint64_t key : keys) {
    if (kept.values.empty() || kept.values.back().first != key) kept.values.emplace_back(key, 0);
    ++kept.values.back().second;
  }
  return kept;
}

std::map<std::string, KeptValues> find_values(const Digest& shard, std::size_t group,
                                              const Workspace& workspace) {
  std::map<std::string, KeptValues> columns;
  try {
    Json parts;
    const auto action = workspace.find_action(kValuesAction, values_key(shard, group, parts));
    if (!action) return {};
    const Digest object = Digest::from_hex(action->at("output").at("kept").get<std::string>());
    if (!workspace.has_object(object)) return {};
    const Json document = parse_json(workspace.get_object(object), "values of a shard");
    if (document.at("format") != kValuesFormat) return {};
    for (const auto& [name, column] : document.at("columns").items())
      columns[name] = {column.at("ranges").get<KeyRanges>(),
                       unpack_counts(column.at("packed").get<std::string>())};
  } catch (const std::exception& error) {
    log_warning("shard {} is read again: what was kept of its values is no use: {}", shard.brief(),
                error.what());
    return {};
  }
  return columns;
}

void keep_values(const Digest& shard, std::size_t group, const std::map<std::string, KeptValues>& columns,
                 const Workspace& workspace) {
  Json document{{"format", kValuesFormat}, {"columns", Json::object()}};
  for (const auto& [name, column] : columns)
    document["columns"][name] = {{"ranges", column.ranges}, {"packed", pack_counts(column.values)}};
  Json parts;
  const Digest key = values_key(shard, group, parts);
  const Digest object = workspace.put_object(canonical_json(document));
  workspace.record_action(
      kValuesAction, key,
      {{"key", parts}, {"output", {{"kept", object.hex()}, {"shards", Json::array({shard.hex()})}}}});
}

}  // namespace millrace
