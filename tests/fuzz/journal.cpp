// A registry's journal, entries apart by empty lines: read and asked, or refused as damaged. Behind a first
// line "chain", numbers and digests of the entries are made to fit; else only entries that fit by themselves
// do.
#include "storage/journal.hpp"

#include <filesystem>
#include <fstream>

#include "fuzz/harness.hpp"
#include "registry/registry.hpp"
#include "support/temporary_folder.hpp"

namespace millrace::fuzzing {

namespace {

constexpr std::size_t kMostEntries = 16;

std::vector<std::string> entries_of(const std::string& text) {
  std::vector<std::string> entries;
  for (std::size_t at = 0; at < text.size() && entries.size() < kMostEntries;) {
    const auto end = std::min(text.find("\n\n", at), text.size());
    entries.push_back(text.substr(at, end - at));
    at = end + 2;
  }
  return entries;
}

void chain(std::vector<std::string>& entries) {
  Json previous;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Json entry = Json::parse(entries[i], nullptr, false);
    if (entry.is_object()) {
      entry["number"] = i + 1;
      entry["previous"] = previous;
      entries[i] = pretty_json(entry);
    }
    previous = digest_of(entries[i]).hex();
  }
}

void write(const std::string& folder, const std::vector<std::string>& entries) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    std::ofstream(folder + "/" + Journal::entry_name(i + 1), std::ios::binary) << entries[i];
  }
}

void ask(const RegistryState& state) {
  (void)state.find_registered("churn", digest_of(""));
  for (const ModelVersion& version : state.versions) {
    (void)state.find_registered(version.model, digest_of(""));
    for (const std::string& alias : version.aliases) (void)state.find_alias(version.model, alias);
  }
  for (const char* reference : {"churn", "churn/1", "churn@champion", "churn/x", "@", "/"}) {
    accepts([&] { (void)state.resolve(reference); }, {ExitCode::kResource});
  }
}

}  // namespace

void fuzz(const std::string& input) {
  static const testing_support::TemporaryFolder kFolder;
  std::string text = input;
  const bool chained = text.starts_with("chain\n");
  if (chained) take_line(text);
  std::vector<std::string> entries = entries_of(text);
  if (chained) chain(entries);
  write(kFolder / "registry", entries);
  accepts([&] { ask(Registry(kFolder / "registry").state()); }, {ExitCode::kResource});
}

}  // namespace millrace::fuzzing
