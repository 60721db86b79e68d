// A feature version: the plan and the feature shards of each part, as one manifest object. Its digest is the
// version.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "features/plan.hpp"
#include "pipeline/row_window.hpp"
#include "pipeline/split.hpp"
#include "storage/objects.hpp"

namespace millrace {

struct FeatureShardEntry {
  Digest object;
  std::uint64_t rows = 0;
  Digest data_shard;            // what it is made of
  std::uint64_t first_row = 0;  // row_index of that one's first record
};

struct FeatureSet {
  Digest dataset;
  FeaturePlan plan;
  std::optional<RowWindow> window{};  // of a warm start: the rows that count
  // By part (train, validation, test), in source order; data shards without rows of a part have none.
  std::array<std::vector<FeatureShardEntry>, 3> parts;

  [[nodiscard]] const std::vector<FeatureShardEntry>& operator[](Part part) const {
    return parts.at(static_cast<std::size_t>(part));
  }
  [[nodiscard]] std::uint64_t rows(Part part) const;
  [[nodiscard]] std::vector<std::string> paths(Part part, const Workspace& workspace) const;
};
void to_json(Json& json, const FeatureSet& set);
void from_json(const Json& json, FeatureSet& set);

FeatureSet read_feature_set(const Workspace& workspace, const Digest& version);
// Whether it and its shards are in place, by name alone.
bool has_features(const Workspace& workspace, const Digest& version);

}  // namespace millrace
