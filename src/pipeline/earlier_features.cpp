#include "pipeline/earlier_features.hpp"

#include <algorithm>

#include "features/extend_plan.hpp"
#include "ingestion/ingest.hpp"

namespace millrace {

EarlierFeatures::EarlierFeatures(const StageContext& context, const DatasetReader& reader,
                                 const FeatureSet& before, const std::optional<RowWindow>& window)
    : context_(context), reader_(reader), before_(before), window_(window) {
  for (const Part part : {Part::kTrain, Part::kValidation, Part::kTest}) {
    for (const FeatureShardEntry& entry : before[part])
      made_[{entry.data_shard, entry.first_row}].push_back({0, part, entry.object, entry.rows});
  }
}

std::vector<MadeShard> EarlierFeatures::of(std::size_t data_shard) const {
  const auto found =
      made_.find({reader_.dataset().shards.at(data_shard).object, reader_.rows_of_shard(data_shard).first});
  if (found == made_.end()) return {};
  std::vector<MadeShard> made = found->second;
  for (MadeShard& one : made) one.data_shard = data_shard;
  return made;
}

// Whether the same rows count, for the same parts. The borders of a split by time move with the data.
bool EarlierFeatures::has_same_rows(std::size_t data_shard) const {
  const std::pair<std::uint64_t, std::uint64_t> rows = reader_.rows_of_shard(data_shard);
  const auto is_recent = [&rows](const std::optional<RowWindow>& window) {
    return !window || window->overlaps(rows.first, rows.second);
  };
  if (!context_.config.data.split.time.empty() || is_recent(before_.window) != is_recent(window_))
    return false;
  return is_recent(window_) || before_.window->replay == window_->replay;
}

bool EarlierFeatures::holds(std::size_t data_shard, const FeaturePlan& plan, const Schema& extended) const {
  const std::vector<MadeShard> made = of(data_shard);
  const auto is_there = [this](const MadeShard& one) { return context_.workspace.has_object(one.object); };
  if (made.empty() || !has_same_rows(data_shard) || !std::ranges::all_of(made, is_there)) return false;
  return extended.size() == 0 ||
         !has_new_levels(before_.plan, plan, reader_.read(data_shard, extended.names()).table);
}

std::vector<std::size_t> EarlierFeatures::find(const std::vector<std::size_t>& shards,
                                               const FeaturePlan& plan) const {
  if (before_.plan.n_numeric() != plan.n_numeric()) return {};  // a one-hot level more: all rows are wider
  const Schema extended = extended_columns(before_.plan, plan);
  const std::string mine = context_.comm.agree([&] {
    Json held = Json::array();
    for (const std::size_t k : owned_shards(context_.comm, shards.size())) {
      if (holds(shards[k], plan, extended)) held.push_back(shards[k]);
    }
    return held.dump();
  });
  std::vector<std::size_t> all;
  for (const std::string& text : context_.comm.all_gather(mine)) {
    for (const Json& shard : Json::parse(text)) all.push_back(shard);
  }
  std::ranges::sort(all);
  return all;
}

}  // namespace millrace
