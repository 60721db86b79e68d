#include "registry/transfer.hpp"

#include <map>
#include <set>

#include "base/file.hpp"
#include "base/scratch_folder.hpp"
#include "base/topics.hpp"
#include "packaging/archive.hpp"
#include "registry/records.hpp"
#include "registry/registry_journal.hpp"

namespace millrace {

namespace {

const std::string kEntries = "entries/";
const std::string kRecords = "records/";
const std::string kObjects = "objects/";
const std::string kJson = ".json";

constexpr std::uint64_t kLargestDocument = std::uint64_t{64} << 20U;
constexpr std::uint64_t kLargestObject = std::uint64_t{8} << 30U;

std::set<Digest> records_of(const RegistryState& state) {
  std::set<Digest> records;
  for (const ModelVersion& version : state.versions) {
    for (const Digest& record : named_records(version.details())) records.insert(record);
  }
  return records;
}

std::set<Digest> artifacts_of(const Workspace& workspace, const RegistryState& state) {
  std::set<Digest> artifacts;
  for (const ModelVersion& version : state.versions) {
    if (version.artifact && workspace.has_object(*version.artifact)) artifacts.insert(*version.artifact);
  }
  return artifacts;
}

// What a file brings, each part under a name that was checked.
struct Brought {
  std::map<std::uint64_t, std::string> entries;
  std::map<Digest, std::string> records;
  std::map<Digest, std::string> objects;
};

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw Error(Topic::kDamagedArtifact, "'{}' is no export of a registry: {}", path, reason);
}

// "records/" + 64 digits + ".json" → the digest, which must be that of the bytes.
Digest digest_in(const std::string& path, const std::string& name, std::size_t prefix, std::size_t suffix,
                 const std::string& bytes) {
  Digest digest = digest_of(bytes);
  if (name.substr(prefix, name.size() - prefix - suffix) != digest.hex())
    refuse(path, fmt::format("the bytes of '{}' do not match its name", name));
  return digest;
}

Brought read_export(const std::string& path) {
  Brought brought;
  ArchiveReader reader(path);
  while (const auto name = reader.next()) {
    if (name->starts_with(kEntries) && Journal::number_in(name->substr(kEntries.size())) != 0) {
      brought.entries[Journal::number_in(name->substr(kEntries.size()))] = reader.read(kLargestDocument);
    } else if (name->starts_with(kRecords) && name->ends_with(kJson)) {
      std::string bytes = reader.read(kLargestDocument);
      const Digest digest = digest_in(path, *name, kRecords.size(), kJson.size(), bytes);
      brought.records[digest] = std::move(bytes);
    } else if (name->starts_with(kObjects)) {
      std::string bytes = reader.read(kLargestObject);
      const Digest digest = digest_in(path, *name, kObjects.size(), 0, bytes);
      brought.objects[digest] = std::move(bytes);
    } else {
      refuse(path, fmt::format("it has a part '{}'", *name));
    }
  }
  if (brought.entries.empty()) refuse(path, "it has no entries");
  return brought;
}

// Laid out as a registry is, so that the registry's own reader judges it.
std::vector<JournalEntry> checked_entries(const Workspace& workspace, const Brought& brought) {
  const ScratchFolder scratch(workspace.temporary_folder(), "import");
  for (const auto& [number, text] : brought.entries)
    publish_file(scratch.file(Journal::entry_name(number)), text);
  (void)Registry(scratch.path()).state();
  return registry_journal(scratch.path()).read();
}

void check_same_history(const std::vector<JournalEntry>& here, const std::vector<JournalEntry>& there) {
  for (std::size_t i = 0; i < std::min(here.size(), there.size()); ++i) {
    if (here[i].digest == there[i].digest) continue;
    throw Error(Topic::kOtherHistory,
                "the export is of another history: entry {} is another one here; import it into a workspace "
                "of its own",
                Journal::entry_name(here[i].number));
  }
}

}  // namespace

Transferred export_registry(const Workspace& workspace, const std::string& path, bool with_artifacts) {
  const std::string folder = workspace.path("registry");
  const RegistryState state = Registry(folder).state();
  std::vector<ArchivePart> parts;
  for (JournalEntry& entry : registry_journal(folder).read())
    parts.push_back({kEntries + Journal::entry_name(entry.number), std::move(entry.text)});
  if (parts.empty()) throw Error(Topic::kUnknownModel, "the registry '{}' is empty", folder);
  Transferred done{parts.size(), 0, 0};
  for (const Digest& record : records_of(state)) {
    parts.push_back({kRecords + record.hex() + kJson, read_file(record_path(folder, record))});
    ++done.records;
  }
  if (with_artifacts) {
    for (const Digest& artifact : artifacts_of(workspace, state)) {
      parts.push_back({kObjects + artifact.hex(), workspace.get_object(artifact)});
      ++done.objects;
    }
  }
  PendingFile file(path);
  write_archive(file.temporary_path(), parts);
  file.commit();
  return done;
}

Transferred import_registry(const Workspace& workspace, const std::string& path) {
  workspace.prepare();
  const Brought brought = read_export(path);
  const std::vector<JournalEntry> there = checked_entries(workspace, brought);
  const Journal journal = registry_journal(workspace.path("registry"));
  const std::vector<JournalEntry> here = journal.read();
  check_same_history(here, there);
  Transferred done;
  for (const auto& [digest, bytes] : brought.objects) {
    if (!workspace.has_object(digest)) ++done.objects;
    (void)workspace.put_object(bytes);
  }
  for (const auto& [digest, bytes] : brought.records) {
    const std::string place = record_path(journal.folder(), digest);
    if (path_exists(place)) continue;
    publish_file(place, bytes);
    ++done.records;
  }
  for (std::size_t i = here.size(); i < there.size(); ++i, ++done.entries) journal.adopt(there[i]);
  return done;
}

}  // namespace millrace
