#include "ingestion/sources.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "base/parallel.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "ingestion/digest_memory.hpp"
#include "ingestion/ingest.hpp"
#include "ingestion/packing.hpp"
#include "ingestion/partitions.hpp"
#include "ingestion/rejects.hpp"
#include "net/url.hpp"

namespace millrace {

namespace {

DigestMemory memory_of(const Workspace& workspace) {
  return DigestMemory(workspace.path("cache/source-digests.json"));
}

// An address without its query, which may be a signature that will not come again.
std::string remembered_as(const FoundFile& file) {
  return shown_address(file.place);
}

// What is the same file, packed or not.
std::string identity(const FoundFile& file, const SourceKind& kind) {
  std::error_code ignored;
  const auto place = kind.is_local() ? std::filesystem::weakly_canonical(file.place, ignored).string()
                                     : shown_address(file.place);
  return without_packing(place);
}

std::vector<FoundFile> expand_all(const SourceKinds& kinds, const std::vector<SourceText>& entries) {
  if (entries.empty()) throw Error(Topic::kMissingKey, "data.source names no file");
  std::vector<FoundFile> files;
  std::set<std::string> seen;
  for (const SourceText& entry : entries) {
    with_context(entry.mark.str() + ": data.source", [&] {
      SourceKind& kind = kinds.of(entry.text);
      for (FoundFile& file : kind.expand(entry.text)) {
        if (!is_utf8(file.place))
          throw usage_error("the file's name '{}' is no UTF-8", printable(file.place, 200));
        if (!seen.insert(identity(file, kind)).second) {
          throw Error(Topic::kNamedTwice,
                      "'{}' is named twice, or once more packed or unpacked: its rows would count twice",
                      file.place);
        }
        files.push_back(std::move(file));
      }
    });
  }
  return files;
}

// The files that data.partitions keeps.
std::vector<FoundFile> select(std::vector<FoundFile> files, const DataConfig& config) {
  std::vector<std::string> names;
  for (const FoundFile& file : files) names.push_back(file.name);
  const PartitionColumns columns(names, config);
  if (!config.partitions) return files;
  const std::vector<std::uint8_t> keep = columns.matches(*config.partitions);
  std::vector<FoundFile> kept;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (keep[i] != 0) kept.push_back(std::move(files[i]));
  }
  if (!kept.empty()) return kept;
  throw Error(Topic::kNoMatchingFile, "{}: data.partitions is true for none of {} files",
              config.partitions->mark.str(), files.size());
}

}  // namespace

std::vector<FoundFile> find_files(const SourceKinds& kinds, const DataConfig& config) {
  return select(expand_all(kinds, config.source), config);
}

Sources::Sources(const Communicator& comm, const DataConfig& config, const Workspace& workspace,
                 Events& events, DigestUse digests)
    : workspace_(workspace), events_(&events), kinds_(config, workspace) {
  find(comm, config, digests);
  if (digests != DigestUse::kNone) {
    fetch(comm, [&](std::size_t i) { return files_[i].digest.empty(); });
    take_digests(comm, threads_of_rank(comm, config));
  }
  if (std::ranges::all_of(files_, [](const SourceFile& file) { return file.bytes == 0; }))
    throw Error(Topic::kEmptyFile, "'{}' is empty", join(places(), "', '"));
}

// Rank 0 looks for all.
void Sources::find(const Communicator& comm, const DataConfig& config, DigestUse digests) {
  std::string told = comm.agree([&]() -> std::string {
    if (!comm.is_root()) return "";
    const DigestMemory memory = memory_of(workspace_);
    Json found = Json::array();
    for (const FoundFile& file : find_files(kinds_, config)) {
      const bool is_told = digests == DigestUse::kRemembered && !file.stamp.is_null();
      const auto known = is_told ? memory.find(remembered_as(file), file.stamp) : std::nullopt;
      found.push_back({file, known ? known->hex() : ""});
    }
    return found.dump();
  });
  comm.broadcast(told);
  for (const Json& item : Json::parse(told)) {
    const FoundFile& file = found_.emplace_back(item[0].get<FoundFile>());
    const std::string digest = item[1];
    files_.push_back({file.name, file.bytes, digest.empty() ? Digest() : Digest::from_hex(digest)});
    paths_.push_back(kinds_.of(file.place).is_local() ? file.place : "");
  }
}

// Takes the digests that are not known: the files are shared over the ranks.
void Sources::take_digests(const Communicator& comm, std::size_t threads) {
  std::vector<std::size_t> owned;
  std::size_t unknown = 0;
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (files_[i].digest.empty() && owns_shard(comm, unknown++)) owned.push_back(i);
  }
  Json mine = Json::array();
  comm.agree([&] {
    ordered_parallel(
        owned.size(), threads, [&](std::size_t k) { return take_digest(paths_[owned[k]]); },
        [&](std::size_t k, const StampedDigest& digest) {
          const std::size_t i = owned[k];
          const bool is_copy = paths_[i] != found_[i].place;  // what was fetched is what was found
          mine.push_back({i, digest.stamp.size, digest.digest.hex(),
                          is_copy ? found_[i].stamp : Json(digest.stamp), is_copy || digest.settled});
        });
  });
  Json known = Json::array();
  for (const std::string& part : comm.all_gather(mine.dump())) {
    for (const Json& taken : Json::parse(part)) {
      SourceFile& file = files_[taken[0].get<std::size_t>()];
      file.bytes = taken[1];
      file.digest = Digest::from_hex(taken[2]);
      if (taken[4].get<bool>() && !taken[3].is_null()) known.push_back(taken);
    }
  }
  comm.agree([&] {
    if (comm.is_root()) remember(known);
  });
}

void Sources::remember(const Json& taken) const {
  DigestMemory memory = memory_of(workspace_);
  for (const Json& digest : taken) {
    const std::size_t i = digest[0];
    memory.remember(remembered_as(found_[i]), digest[3], files_[i].digest);
  }
  memory.save();
}

std::vector<std::string> Sources::places() const {
  std::vector<std::string> places;
  for (const FoundFile& file : found_) places.push_back(shown_address(file.place));
  return places;
}

const std::vector<std::string>& Sources::fetch(const Communicator& comm) {
  return fetch(comm, [](std::size_t) { return true; });
}

const std::vector<std::string>& Sources::fetch(const Communicator& comm,
                                               const std::function<bool(std::size_t)>& wanted) {
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    if (paths_[i].empty() && wanted(i)) missing.push_back(i);
  }
  if (missing.empty()) return paths_;
  std::string told =
      comm.agree([&] { return comm.is_root() ? Json(make_copies(missing.size())).dump() : ""; });
  comm.broadcast(told);
  const auto paths = Json::parse(told).get<std::vector<std::string>>();
  std::map<SourceKind*, std::vector<Copy>> copies;
  for (std::size_t i = 0; i < missing.size(); ++i) {
    const FoundFile& file = found_[missing[i]];
    copies[&kinds_.of(file.place)].push_back({file, paths[i]});
  }
  comm.agree([&] {
    for (const auto& [kind, files] : copies) kind->fetch(files, {comm.rank(), comm.size()});
  });
  for (std::size_t i = 0; i < missing.size(); ++i) {
    const FoundFile& file = found_[missing[i]];
    paths_[missing[i]] = paths[i];
    if (comm.is_root()) events_->emit("ingest.fetched", {{"file", file.name}, {"bytes", file.bytes}});
  }
  return paths_;
}

// Names for so many copies, which go away with this object.
std::vector<std::string> Sources::make_copies(std::size_t count) {
  const std::string folder = workspace_.temporary_folder();
  if (copies_.empty()) remove_abandoned_files(folder);
  std::vector<std::string> paths;
  while (paths.size() < count) {
    copies_.push_back(std::make_unique<PendingFile>(folder + "/fetched"));
    paths.push_back(copies_.back()->temporary_path());
  }
  return paths;
}

}  // namespace millrace
