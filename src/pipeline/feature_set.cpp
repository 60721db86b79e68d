#include "pipeline/feature_set.hpp"

#include <algorithm>
#include <numeric>

namespace millrace {

namespace {

constexpr std::array<const char*, 3> kPartNames{"train", "validation", "test"};

// Versions of format 1 do not say what their shards are made of.
FeatureShardEntry entry_of(const Json& json) {
  FeatureShardEntry entry{Digest::from_hex(json.at("object").get<std::string>()),
                          json_get<std::uint64_t>(json, "rows", "feature version"),
                          {},
                          0};
  if (!json.contains("data_shard")) return entry;
  entry.data_shard = Digest::from_hex(json.at("data_shard").get<std::string>());
  entry.first_row = json_get<std::uint64_t>(json, "first_row", "feature version");
  return entry;
}

}  // namespace

std::uint64_t FeatureSet::rows(Part part) const {
  const auto& entries = (*this)[part];
  return std::accumulate(entries.begin(), entries.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const FeatureShardEntry& entry) { return sum + entry.rows; });
}

std::vector<std::string> FeatureSet::paths(Part part, const Workspace& workspace) const {
  std::vector<std::string> paths;
  for (const FeatureShardEntry& entry : (*this)[part]) paths.push_back(workspace.object_path(entry.object));
  return paths;
}

void to_json(Json& json, const FeatureSet& set) {
  json = {{"format", 2}, {"dataset", set.dataset.hex()}, {"plan", set.plan}};
  if (set.window) json["window"] = *set.window;
  for (std::size_t part = 0; part < kPartNames.size(); ++part) {
    Json& entries = json["parts"][kPartNames.at(part)] = Json::array();
    for (const FeatureShardEntry& entry : set.parts.at(part)) {
      entries.push_back({{"object", entry.object.hex()},
                         {"rows", entry.rows},
                         {"data_shard", entry.data_shard.hex()},
                         {"first_row", entry.first_row}});
    }
  }
}

void from_json(const Json& json, FeatureSet& set) {
  set.dataset = Digest::from_hex(json.at("dataset").get<std::string>());
  json.at("plan").get_to(set.plan);
  if (json.contains("window")) set.window = json.at("window").get<RowWindow>();
  for (std::size_t part = 0; part < kPartNames.size(); ++part) {
    for (const Json& entry : json.at("parts").at(kPartNames.at(part))) {
      set.parts.at(part).push_back(entry_of(entry));
    }
  }
}

FeatureSet read_feature_set(const Workspace& workspace, const Digest& version) {
  return parse_document<FeatureSet>(workspace.get_object(version), "feature version " + version.brief());
}

bool has_features(const Workspace& workspace, const Digest& version) {
  if (!workspace.has_object(version)) return false;
  const FeatureSet set = read_feature_set(workspace, version);
  return std::ranges::all_of(set.parts, [&](const auto& part) {
    return std::ranges::all_of(part, [&](const auto& shard) { return workspace.has_object(shard.object); });
  });
}

}  // namespace millrace
