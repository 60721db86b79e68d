#include <algorithm>
#include <filesystem>

#include "base/json.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "ingestion/digest_memory.hpp"
#include "ingestion/ingest.hpp"
#include "ingestion/source_paths.hpp"

namespace millrace {

namespace {

// What rank 0 finds out for all: [path, bytes, digest or ""] for each file.
Json look_up(const DataConfig& config, const DigestMemory& memory, bool verify) {
  Json found = Json::array();
  for (const std::string& path : expand_sources(config.source)) {
    const FileStamp stamp = stamp_of(path);
    const auto known = verify ? std::nullopt : memory.find(path, stamp);
    found.push_back({path, stamp.size, known ? known->hex() : ""});
  }
  return found;
}

// Takes the digests that are not known, this rank's share of them: [file, bytes, digest, stamp, settled].
Json take_digests(const Communicator& comm, const Json& files, std::size_t threads) {
  std::vector<std::size_t> mine;
  std::size_t unknown = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i][2].get<std::string>().empty() && owns_shard(comm, unknown++)) mine.push_back(i);
  }
  Json taken = Json::array();
  ordered_parallel(
      mine.size(), threads, [&](std::size_t k) { return take_digest(files[mine[k]][0].get<std::string>()); },
      [&](std::size_t k, const StampedDigest& digest) {
        taken.push_back({mine[k], digest.stamp.size, digest.digest.hex(), digest.stamp, digest.settled});
      });
  return taken;
}

}  // namespace

std::vector<SourceFile> find_sources(const Communicator& comm, const DataConfig& config,
                                     const Workspace& workspace, std::vector<std::string>& paths,
                                     bool verify) {
  std::optional<DigestMemory> memory;  // rank 0's alone
  std::string told = comm.agree([&]() -> std::string {
    if (!comm.is_root()) return "";
    memory.emplace(workspace.path("cache/source-digests.json"));
    return look_up(config, *memory, verify).dump();
  });
  comm.broadcast(told);
  Json files = Json::parse(told);
  const std::size_t threads = threads_of_rank(comm, config);
  const Json mine = comm.agree([&] { return take_digests(comm, files, threads); });
  for (const std::string& part : comm.all_gather(mine.dump())) {
    for (const Json& taken : Json::parse(part)) {
      Json& file = files[taken[0].get<std::size_t>()];
      std::tie(file[1], file[2]) = std::tie(taken[1], taken[2]);
      if (memory) memory->remember(file[0], {taken[3], Digest::from_hex(taken[2]), taken[4]});
    }
  }
  comm.agree([&] {
    if (memory) memory->save();
  });
  std::vector<SourceFile> sources;
  paths.clear();
  for (const Json& file : files) {
    paths.push_back(file[0]);
    sources.push_back(
        {std::filesystem::path(paths.back()).filename().string(), file[1], Digest::from_hex(file[2])});
  }
  const bool all_empty =
      std::ranges::all_of(sources, [](const SourceFile& source) { return source.bytes == 0; });
  if (all_empty) throw Error(Topic::kEmptyFile, "'{}' is empty", join(paths, "', '"));
  return sources;
}

}  // namespace millrace
