#include "packaging/artifact.hpp"

#include <filesystem>
#include <fstream>
#include <functional>

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/topics.hpp"
#include "model/weights.hpp"
#include "packaging/archive.hpp"
#include "support/example_artifact.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::example_artifact;
using testing_support::TemporaryFolder;

std::vector<ArchivePart> parts_of(const std::string& path) {
  std::vector<ArchivePart> parts;
  ArchiveReader reader(path);
  while (const auto name = reader.next()) parts.push_back({*name, reader.read(1 << 30)});
  return parts;
}

TEST(Artifact, ReadsBackWhatWasWritten) {
  const TemporaryFolder folder;
  for (const char* task : {"binary", "multiclass", "regression"}) {
    const Artifact artifact = example_artifact(task);
    write_artifact(folder / "a.tar.zst", artifact);
    const Artifact read = read_artifact(folder / "a.tar.zst");
    EXPECT_EQ(read.model, "churn");
    EXPECT_EQ(read.version, 7U);
    EXPECT_EQ(read.lineage, artifact.lineage);
    EXPECT_EQ(read.golden.rows, artifact.golden.rows);
    EXPECT_EQ(read.golden.predictions, artifact.golden.predictions);
    EXPECT_EQ(Json(read.scorer.plan()), Json(artifact.scorer.plan()));
    EXPECT_TRUE(std::equal(read.scorer.network().parameters().begin(),
                           read.scorer.network().parameters().end(),
                           artifact.scorer.network().parameters().begin()));
    EXPECT_NO_THROW(check_golden_rows(read));
  }
}

TEST(Artifact, EqualContentGivesEqualBytes) {
  const TemporaryFolder folder;
  write_artifact(folder / "a", example_artifact());
  ::sleep(1);  // formats that keep times count seconds
  write_artifact(folder / "b", example_artifact());
  write_artifact(folder / "c", example_artifact("binary", 8));
  EXPECT_TRUE(read_file(folder / "a") == read_file(folder / "b"));
  EXPECT_FALSE(read_file(folder / "a") == read_file(folder / "c"));
}

TEST(Artifact, TheManifestSaysWhatTheModelExpectsAndGives) {
  const TemporaryFolder folder;
  write_artifact(folder / "a", example_artifact());
  const auto parts = parts_of(folder / "a");
  ASSERT_EQ(parts.size(), 4U);
  EXPECT_EQ(parts[0].name, "manifest.json");
  const Json manifest = Json::parse(parts[0].bytes);
  EXPECT_EQ(manifest["task"], "binary");
  EXPECT_EQ(manifest["inputs"][0], (Json{{"name", "age"}, {"type", "integer"}}));
  EXPECT_EQ(
      manifest["inputs"][1],
      (Json{{"name", "contract"}, {"type", "text"}, {"levels", {"monthly", "yearly"}}, {"level_count", 2}}));
  EXPECT_EQ(manifest["outputs"],
            Json::array({{{"name", "probability"}, {"type", "real"}, {"class", "Yes"}}}));
  EXPECT_EQ(manifest["parts"]["plan.json"]["sha256"], digest_of(parts[1].bytes).hex());
}

TEST(Artifact, ItsWeightsHaveTheDigestThatTrainingGaveThem) {
  const TemporaryFolder folder;
  const Artifact artifact = example_artifact();
  write_artifact(folder / "a", artifact);
  write_weights(folder / "weights.h5", artifact.scorer.network());
  EXPECT_EQ(digest_of(parts_of(folder / "a")[2].bytes), digest_of_file(folder / "weights.h5"));
}

// An artifact with something wrong in it, and what the error has to say.
struct Fault {
  std::string says;
  std::function<void(std::vector<ArchivePart>&)> make;
};

void change_manifest(std::vector<ArchivePart>& parts, const std::function<void(Json&)>& change) {
  Json manifest = Json::parse(parts[0].bytes);
  change(manifest);
  manifest.erase("digest");
  manifest["digest"] = digest_of(canonical_json(manifest)).hex();
  parts[0].bytes = manifest.dump();
}

void forge_manifest(std::vector<ArchivePart>& parts, std::string bytes) {
  parts[0].bytes = std::move(bytes);
}

// Replaces a part and makes the manifest agree with it.
void forge(std::vector<ArchivePart>& parts, std::size_t index, std::string bytes) {
  parts[index].bytes = std::move(bytes);
  change_manifest(parts, [&](Json& manifest) {
    manifest["parts"][parts[index].name] = {{"bytes", parts[index].bytes.size()},
                                            {"sha256", digest_of(parts[index].bytes).hex()}};
  });
}

std::vector<Fault> faults() {
  using Parts = std::vector<ArchivePart>;
  return {
      {"'plan.json': its bytes do not have the digest", [](Parts& parts) { parts[1].bytes[5] ^= 1; }},
      {"'golden.json': it has", [](Parts& parts) { parts[3].bytes.push_back(' '); }},
      {"lacks the part 'golden.json'", [](Parts& parts) { parts.pop_back(); }},
      {"lacks the part 'plan.json'", [](Parts& parts) { parts.resize(1); }},
      {"has the part 'plan.json' twice", [](Parts& parts) { parts.push_back(parts[1]); }},
      {"entry 'evil.sh' is unknown",
       [](Parts& parts) {
         parts.push_back({"evil.sh", "x"});
       }},
      {"entry '../plan.json' is unknown",
       [](Parts& parts) {
         parts[1] = {"../plan.json", "x"};
       }},
      {"first entry is not manifest.json", [](Parts& parts) { std::swap(parts[0], parts[1]); }},
      {"first entry is not manifest.json", [](Parts& parts) { parts.clear(); }},
      {"entry '/etc/passwd' is unknown",
       [](Parts& parts) {
         parts.push_back({"/etc/passwd", "x"});
       }},
      {"has the part 'manifest.json' twice", [](Parts& parts) { parts.push_back(parts[0]); }},
      {"no valid JSON", [](Parts& parts) { forge_manifest(parts, "{"); }},
      {"'kind' is missing", [](Parts& parts) { forge_manifest(parts, "{}"); }},
      {"written by a newer Millrace",
       [](Parts& parts) {
         change_manifest(parts, [](Json& manifest) { manifest["format"] = 5; });
         parts.push_back({"model.of.tomorrow", "x"});
       }},
      {"'manifest.json': it does not have the digest",
       [](Parts& parts) {
         Json manifest = Json::parse(parts[0].bytes);
         manifest["lineage"]["dataset"] = "def";
         forge_manifest(parts, manifest.dump());
       }},
      {"'sha256' is missing",
       [](Parts& parts) {
         change_manifest(parts, [](Json& manifest) { manifest["parts"]["plan.json"].erase("sha256"); });
       }},
      {"'weights.h5'", [](Parts& parts) { forge(parts, 2, "no HDF5"); }},
      {"'plan.json'", [](Parts& parts) { forge(parts, 1, "{}"); }},
      {"'plan.json'", [](Parts& parts) { forge(parts, 1, "[5]"); }},
      {"do not fit each other",
       [](Parts& parts) {
         Json plan = Json::parse(parts[1].bytes);
         plan["steps"].erase(0);
         forge(parts, 1, plan.dump());
       }},
      {"2 predictions for 3 rows",
       [](Parts& parts) {
         Json golden = Json::parse(parts[3].bytes);
         golden["predictions"].erase(0);
         forge(parts, 3, golden.dump());
       }},
  };
}

TEST(Artifact, FaultyPartsAreNamed) {
  const TemporaryFolder folder;
  write_artifact(folder / "whole", example_artifact());
  const auto whole = parts_of(folder / "whole");
  for (const Fault& fault : faults()) {
    auto parts = whole;
    fault.make(parts);
    write_archive(folder / "faulty", parts);
    try {
      (void)read_artifact(folder / "faulty");
      ADD_FAILURE() << "no error: " << fault.says;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kResource) << error.message();
      EXPECT_NE(error.message().find(fault.says), std::string::npos) << error.message();
      EXPECT_NE(error.message().find(folder / "faulty"), std::string::npos) << error.message();
    }
  }
}

TEST(Artifact, FormatsOfBeforeAreRead) {
  const TemporaryFolder folder;
  write_artifact(folder / "whole", example_artifact());
  for (const int format : {1, 2, 3}) {
    auto parts = parts_of(folder / "whole");
    change_manifest(parts, [&](Json& manifest) {
      manifest["format"] = format;
      for (Json& input : manifest["inputs"]) input.erase("level_count");
      for (Json& output : manifest["outputs"]) output.erase("type");
    });
    write_archive(folder / "older", parts);
    EXPECT_NO_THROW(check_golden_rows(read_artifact(folder / "older"))) << format;
  }
}

TEST(Artifact, LinksAreNoParts) {
  const TemporaryFolder folder;
  archive* handle = archive_write_new();
  archive_write_set_format_ustar(handle);
  archive_write_add_filter_zstd(handle);
  archive_write_open_filename(handle, (folder / "link").c_str());
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, "manifest.json");
  archive_entry_set_filetype(entry, AE_IFLNK);
  archive_entry_set_symlink(entry, "/etc/passwd");
  archive_write_header(handle, entry);
  archive_entry_free(entry);
  archive_write_free(handle);
  try {
    (void)read_artifact(folder / "link");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("no plain file"), std::string::npos) << error.message();
  }
}

// What a stranger's file could do to whoever opens it.
TEST(Artifact, WhatUnpacksToFarMoreThanItIsIsRefusedBeforeItDoes) {
  const TemporaryFolder folder;
  write_artifact(folder / "whole", example_artifact());
  auto parts = parts_of(folder / "whole");
  std::string zeros;
  zeros.resize(60'000'000);
  forge(parts, 2, zeros);
  write_archive(folder / "bomb", parts);
  EXPECT_LT(std::filesystem::file_size(folder / "bomb"), 50'000U);
  try {
    (void)read_artifact(folder / "bomb");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("part 'weights.h5': it would unpack to 60 MB or more"), std::string::npos)
        << error.message();
  }
}

TEST(Artifact, CutShortAnywhereItIsRefused) {
  const TemporaryFolder folder;
  write_artifact(folder / "whole", example_artifact());
  const std::string whole = read_file(folder / "whole");
  for (std::size_t size = 0; size < whole.size(); size += 11) {
    std::ofstream(folder / "cut") << whole.substr(0, size);
    EXPECT_THROW((void)read_artifact(folder / "cut"), Error) << size;
  }
}

TEST(Artifact, NeitherZstandardAloneNorTarAloneIsOne) {
  const TemporaryFolder folder;
  write_artifact(folder / "whole", example_artifact());
  for (const char* command : {"zstd -q -d -c < whole > other", "echo '{}' | zstd -q > other"}) {
    const std::string in_folder = "cd '" + folder.path() + "' && " + command;
    ASSERT_EQ(run_child({"sh", "-c", in_folder}, {"/dev/null", "/dev/null"}, 20), 0) << command;
    try {
      (void)read_artifact(folder / "other");
      ADD_FAILURE() << command;
    } catch (const Error& error) {
      EXPECT_EQ(error.topic(), Topic::kDamagedArtifact) << error.message();
    }
  }
}

TEST(Artifact, NoBrokenByteGoesUnnoticed) {
  const TemporaryFolder folder;
  write_artifact(folder / "whole", example_artifact());
  const std::string whole = read_file(folder / "whole");
  const auto parts = parts_of(folder / "whole");
  for (std::size_t at = 0; at < whole.size(); at += 7) {
    std::string broken = whole;
    broken[at] = static_cast<char>(broken[at] ^ 0x10);
    std::ofstream(folder / "broken") << broken;
    try {
      (void)read_artifact(folder / "broken");
      // Only what carries no meaning (file times, blanks in the manifest) may differ.
      const auto found = parts_of(folder / "broken");
      EXPECT_EQ(Json::parse(found[0].bytes), Json::parse(parts[0].bytes)) << at;
      for (std::size_t i = 1; i < parts.size(); ++i) EXPECT_EQ(found[i].bytes, parts[i].bytes) << at;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kResource) << at << ": " << error.message();
    }
  }
}

}  // namespace
}  // namespace millrace
