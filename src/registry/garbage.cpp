#include "registry/garbage.hpp"

#include <filesystem>
#include <set>

#include "base/file.hpp"
#include "registry/records.hpp"
#include "registry/registry.hpp"
#include "registry/registry_journal.hpp"

namespace millrace {

namespace {

namespace fs = std::filesystem;

bool is_older(const std::string& path, std::chrono::seconds age) {
  return fs::last_write_time(path) <= fs::file_time_type::clock::now() - age;
}

std::set<std::string> needed_records(const RegistryState& state) {
  std::set<std::string> names;
  for (const ModelVersion& version : state.versions) {
    for (const Digest& record : named_records(version.details())) names.insert(record.hex() + ".json");
  }
  return names;
}

}  // namespace

RegistryGarbage collect_registry_garbage(const std::string& folder, std::chrono::seconds grace,
                                         bool dry_run) {
  RegistryGarbage garbage;
  const auto drop = [&](const std::string& path, std::uint64_t& count) {
    ++count;
    garbage.bytes += fs::file_size(path);
    if (!dry_run) fs::remove(path);
  };
  const std::set<std::string> needed = needed_records(Registry(folder).state());
  for (const std::string& path : registry_journal(folder).sealed_files(grace))
    drop(path, garbage.entry_files);
  const std::string records = folder + "/" + kRecordsFolder;
  for (const std::string& name : list_folder(records)) {
    if (!needed.contains(name) && is_older(records + "/" + name, grace))
      drop(records + "/" + name, garbage.records);
  }
  return garbage;
}

}  // namespace millrace
