#include "versions/verify.hpp"

#include <filesystem>
#include <map>

#include "ingestion/ingest.hpp"
#include "ingestion/packing.hpp"
#include "versions/stored.hpp"

namespace millrace {

namespace {

struct Object {
  Digest digest;
  std::string part;
};

std::vector<Object> objects_of(const Dataset& dataset) {
  std::vector<Object> objects;
  for (const ShardEntry& shard : dataset.shards) {
    const std::string& name = dataset.sources.at(shard.source).name;
    const char* unit = is_hdf5_name(name) ? "row" : "byte";
    objects.push_back({shard.object, fmt::format("rows of {} from {} {} on", name, unit, shard.first_byte)});
  }
  for (const Digest& table : {dataset.rejects.table, dataset.rejects.table_hdf5}) {
    if (!table.empty()) objects.push_back({table, "the table of rejected records"});
  }
  return objects;
}

// What is wrong with the object; empty where nothing is.
std::string damage_of(const Workspace& workspace, const Digest& object) {
  if (!workspace.has_object(object)) return "it is missing";
  try {
    return digest_of_file(workspace.object_path(object)) == object ? "" : "its bytes do not match its name";
  } catch (const Error& error) {  // an unreadable disk is what we are here to find
    return error.message();
  }
}

// [index of the object, what is wrong with it], of this rank's share.
Json find_damage(const Communicator& comm, const Workspace& workspace, const std::vector<Object>& objects) {
  Json damage = Json::array();
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (!owns_shard(comm, i)) continue;
    const std::string reason = damage_of(workspace, objects[i].digest);
    if (!reason.empty()) damage.push_back({i, reason});
  }
  return damage;
}

}  // namespace

Verification verify_version(const Communicator& comm, const Workspace& workspace, const Digest& version) {
  const auto objects = comm.agree([&] { return objects_of(read_dataset(workspace, version)); });
  const Json mine = comm.agree([&] { return find_damage(comm, workspace, objects); });
  std::map<std::size_t, std::string> reasons;
  for (const std::string& part : comm.all_gather(mine.dump())) {
    for (const Json& damage : Json::parse(part)) reasons[damage[0]] = damage[1];
  }
  Verification result;
  result.objects = objects.size() + 1;  // and the manifest
  for (const Object& object : objects) result.bytes += stored_bytes(workspace, {object.digest});
  for (const auto& [index, reason] : reasons)
    result.damaged.push_back({workspace.object_path(objects[index].digest), objects[index].part, reason});
  return result;
}

}  // namespace millrace
