// An artifact: read, or refused as a damaged file. The first byte says what the others are: 'r', the file;
// 'm', 'p' and 'g', manifest, plan and golden rows in an artifact that is sound otherwise and vouches for
// them. Weights are not among these: HDF5's library reads them, which does not promise to withstand forged
// files; digests keep damaged ones from it.
#include <fstream>

#include "base/file.hpp"
#include "fuzz/harness.hpp"
#include "packaging/archive.hpp"
#include "support/example_artifact.hpp"
#include "support/temporary_folder.hpp"

namespace millrace::fuzzing {

namespace {

const std::string& path() {
  static const testing_support::TemporaryFolder kFolder;
  static const std::string kPath = kFolder / "artifact.tar.zst";
  return kPath;
}

std::vector<ArchivePart> sound_parts() {
  write_artifact(path(), testing_support::example_artifact());
  std::vector<ArchivePart> parts;
  ArchiveReader reader(path());
  while (const auto name = reader.next()) parts.push_back({*name, reader.read(1 << 20)});
  return parts;
}

// Gives the manifest the digests of the other parts and its own.
void vouch(std::vector<ArchivePart>& parts) {
  Json manifest = Json::parse(parts[0].bytes, nullptr, false);
  if (!manifest.is_object() || (manifest.contains("parts") && !manifest["parts"].is_object())) return;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    manifest["parts"][parts[i].name] = {{"bytes", parts[i].bytes.size()},
                                        {"sha256", digest_of(parts[i].bytes).hex()}};
  }
  manifest.erase("digest");
  manifest["digest"] = digest_of(canonical_json(manifest)).hex();
  parts[0].bytes = canonical_json(manifest);
}

void write_with(std::size_t index, const std::string& bytes) {
  static const std::vector<ArchivePart> kSound = sound_parts();
  std::vector<ArchivePart> parts = kSound;
  parts[index].bytes = bytes;
  vouch(parts);
  write_archive(path(), parts);
}

// Golden rows that do not fit are the gate's to refuse.
void read_and_use() {
  if (!accepts([] { (void)read_artifact(path()); }, {ExitCode::kResource})) return;
  accepts([] { check_golden_rows(read_artifact(path())); }, {ExitCode::kGateNotPassed, ExitCode::kResource});
}

}  // namespace

void fuzz(const std::string& input) {
  const std::string bytes = input.substr(std::min<std::size_t>(1, input.size()));
  if (input.starts_with('m')) {
    write_with(0, bytes);
  } else if (input.starts_with('p')) {
    write_with(1, bytes);
  } else if (input.starts_with('g')) {
    write_with(3, bytes);
  } else {
    std::ofstream(path(), std::ios::binary) << bytes;
  }
  read_and_use();
}

}  // namespace millrace::fuzzing
