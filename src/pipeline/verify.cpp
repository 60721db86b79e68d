#include "pipeline/verify.hpp"

#include <algorithm>
#include <set>

#include "base/topics.hpp"
#include "ingestion/ingest.hpp"

namespace millrace {

namespace {

std::vector<Digest> shards_of(const Dataset& dataset) {
  std::vector<Digest> objects;
  for (const ShardEntry& shard : dataset.shards) objects.push_back(shard.object);
  return objects;
}

std::vector<Digest> shards_of(const FeatureSet& set) {
  std::vector<Digest> objects;
  for (const auto& part : set.parts) {
    for (const FeatureShardEntry& shard : part) objects.push_back(shard.object);
  }
  return objects;
}

void verify(const Workspace& workspace, const Digest& digest) {
  static std::set<std::string> verified;  // paths; objects never change
  const std::string path = workspace.object_path(digest);
  if (verified.contains(path)) return;
  if (digest_of_file(path) != digest) {
    throw Error(Topic::kDamagedObject,
                "object '{}' is damaged: its bytes do not match its name; delete it and run again", path);
  }
  verified.insert(path);
}

void verify_share(const StageContext& context, const std::vector<Digest>& objects) {
  context.comm.agree([&] {
    for (std::size_t i = 0; i < objects.size(); ++i) {
      if (owns_shard(context.comm, i)) verify(context.workspace, objects[i]);
    }
  });
}

bool has_all(const Workspace& workspace, const std::vector<Digest>& objects) {
  return std::ranges::all_of(objects, [&](const Digest& object) { return workspace.has_object(object); });
}

}  // namespace

void verify_dataset(const StageContext& context, const DatasetReader& reader) {
  verify_share(context, shards_of(reader.dataset()));
}

void verify_features(const StageContext& context, const FeatureSet& set) {
  verify_share(context, shards_of(set));
}

bool has_dataset(const Workspace& workspace, const Digest& version) {
  return workspace.has_object(version) &&
         has_all(workspace, shards_of(DatasetReader(workspace, version).dataset()));
}

bool has_features(const Workspace& workspace, const Digest& version) {
  return workspace.has_object(version) && has_all(workspace, shards_of(read_feature_set(workspace, version)));
}

}  // namespace millrace
