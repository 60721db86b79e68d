// Feature shards of an earlier version that a new one, which goes on from it, would make again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "pipeline/dataset_reader.hpp"
#include "pipeline/feature_set.hpp"
#include "pipeline/stage.hpp"

namespace millrace {

// A feature shard and what it was made of.
struct MadeShard {
  std::size_t data_shard = 0;  // its number in the dataset
  Part part = Part::kTrain;
  Digest object;
  std::uint64_t rows = 0;
};

class EarlierFeatures {
 public:
  // `before`: of the same settings of target, split, filter and features. `window`: of the new version.
  EarlierFeatures(const StageContext& context, const DatasetReader& reader, const FeatureSet& before,
                  const std::optional<RowWindow>& window);

  [[nodiscard]] const FeaturePlan& plan() const { return before_.plan; }
  // Collective; equal on all ranks. Those of these data shards, ascending, of which `plan`, which extends the
  // earlier one, makes what is there.
  [[nodiscard]] std::vector<std::size_t> find(const std::vector<std::size_t>& shards,
                                              const FeaturePlan& plan) const;
  [[nodiscard]] std::vector<MadeShard> of(std::size_t data_shard) const;

 private:
  [[nodiscard]] bool has_same_rows(std::size_t data_shard) const;
  [[nodiscard]] bool holds(std::size_t data_shard, const FeaturePlan& plan, const Schema& extended) const;

  const StageContext& context_;
  const DatasetReader& reader_;
  const FeatureSet& before_;
  const std::optional<RowWindow>& window_;
  std::map<std::pair<Digest, std::uint64_t>, std::vector<MadeShard>> made_;  // by data shard and first row
};

}  // namespace millrace
