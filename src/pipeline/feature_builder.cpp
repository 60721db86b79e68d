#include "pipeline/feature_builder.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include "ingestion/ingest.hpp"
#include "pipeline/earlier_features.hpp"
#include "pipeline/split.hpp"
#include "pipeline/training_plan.hpp"

namespace millrace {

namespace {

std::optional<RowWindow> window_of(const StageContext& context, const DatasetReader& reader) {
  return newest_rows(reader.dataset(), context.config.retrain.window, context.config.retrain.replay);
}

// The plan, and the feature shards that it gives. Where it goes on from a version before, shards that would
// come out as they did are taken from there.
class FeatureBuilder {
 public:
  FeatureBuilder(const StageContext& context, const DatasetReader& reader, const FeatureSet* before)
      : context_(context),
        reader_(reader),
        window_(before == nullptr ? std::nullopt : window_of(context, reader)),
        split_(context.comm, context.config.data, reader, window_) {
    if (before != nullptr) earlier_.emplace(context, reader, *before, window_);
    for (std::size_t shard = 0; shard < reader.shards(); ++shard) {
      const auto [first, end] = reader.rows_of_shard(shard);
      if (!window_ || window_->counts(first, end)) shards_.push_back(shard);
    }
  }

  FeatureSet build(const Digest& dataset) const {
    FeatureSet set{dataset, plan(), window_, {}};
    const auto kept = earlier_ ? earlier_->find(shards_, set.plan) : std::vector<std::size_t>();
    std::vector<std::size_t> missing;
    std::ranges::set_difference(shards_, kept, std::back_inserter(missing));
    std::vector<MadeShard> all = make_shards(set.plan, missing);
    for (const std::size_t shard : kept) std::ranges::move(earlier_->of(shard), std::back_inserter(all));
    enter(std::move(all), set);
    if (context_.comm.is_root())
      context_.events.emit("features.shards", {{"made", missing.size()}, {"kept", kept.size()}});
    return set;
  }

 private:
  // Older rows have told their levels in their time.
  [[nodiscard]] FeaturePlan plan() const {
    if (!earlier_) return fit_training_plan(context_, reader_, split_);
    std::vector<std::size_t> recent;
    for (const std::size_t shard : shards_) {
      const auto [first, end] = reader_.rows_of_shard(shard);
      if (window_->overlaps(first, end)) recent.push_back(shard);
    }
    return extend_training_plan(context_, reader_, split_, recent, earlier_->plan());
  }

  // Collective: of all ranks.
  [[nodiscard]] std::vector<MadeShard> make_shards(const FeaturePlan& plan,
                                                   const std::vector<std::size_t>& shards) const {
    const std::string mine = context_.comm.agree([&] { return write_shards(plan, shards).dump(); });
    std::vector<MadeShard> made;
    for (const std::string& text : context_.comm.all_gather(mine)) {
      for (const Json& entry : Json::parse(text))
        made.push_back({entry[0], entry[1], Digest::from_hex(entry[2].get<std::string>()), entry[3]});
    }
    return made;
  }

  // [shard, part, digest, rows] of each feature shard that this rank wrote.
  [[nodiscard]] Json write_shards(const FeaturePlan& plan, const std::vector<std::size_t>& shards) const {
    Json written = Json::array();
    for (const std::size_t k : owned_shards(context_.comm, shards.size())) {
      const DataShard data = reader_.read(shards[k]);
      const auto indices = reader_.row_indices(shards[k], data);
      const auto parts = split_.assign(data, indices);
      for (const Part part : {Part::kTrain, Part::kValidation, Part::kTest}) {
        const FeatureRows rows = rows_of(plan, data.table, indices, parts, part);
        if (rows.rows > 0) written.push_back({shards[k], part, write(rows).hex(), rows.rows});
      }
    }
    return written;
  }

  static FeatureRows rows_of(const FeaturePlan& plan, const Table& table,
                             const std::vector<std::uint64_t>& indices, const std::vector<Part>& parts,
                             Part part) {
    FeatureRows targets;
    std::vector<std::uint8_t> keep(parts.size());
    std::transform(parts.begin(), parts.end(), keep.begin(), [part](Part p) { return p == part; });
    plan.apply_target(table, targets, keep);  // rows without a target drop out
    FeatureRows rows;
    plan.apply(select_rows(table, keep), rows);
    for (std::size_t row = 0; row < keep.size(); ++row) {
      if (keep[row] == 0) continue;
      rows.target.push_back(targets.target[row]);
      rows.weight.push_back(1);
      rows.row.push_back(indices[row]);
    }
    return rows;
  }

  [[nodiscard]] Digest write(const FeatureRows& rows) const {
    PendingFile file(context_.workspace.temporary_folder() + "/features.h5");
    write_feature_shard(file.temporary_path(), rows);
    return context_.workspace.put_object(file);
  }

  void enter(std::vector<MadeShard> all, FeatureSet& set) const {
    std::ranges::sort(all, {}, &MadeShard::data_shard);
    for (MadeShard& one : all) {
      set.parts.at(static_cast<std::size_t>(one.part))
          .push_back({std::move(one.object), one.rows, reader_.dataset().shards[one.data_shard].object,
                      reader_.rows_of_shard(one.data_shard).first});
    }
  }

  const StageContext& context_;
  const DatasetReader& reader_;
  std::optional<RowWindow> window_;
  RowSplit split_;
  std::optional<EarlierFeatures> earlier_;
  std::vector<std::size_t> shards_;  // those of the dataset whose rows may count
};

}  // namespace

FeatureSet build_features(const StageContext& context, const DatasetReader& reader, const Digest& dataset,
                          const FeatureSet* before) {
  return FeatureBuilder(context, reader, before).build(dataset);
}

}  // namespace millrace
