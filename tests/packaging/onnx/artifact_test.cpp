// The part model.onnx of artifacts.
#include <functional>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "packaging/archive.hpp"
#include "packaging/onnx/export.hpp"
#include "support/example_artifact.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::example_artifact;
using testing_support::TemporaryFolder;

class OnnxPart : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<ArchivePart> parts() const {
    std::vector<ArchivePart> parts;
    ArchiveReader reader(path_);
    while (const auto name = reader.next()) parts.push_back({*name, reader.read(1 << 30)});
    return parts;
  }

  // What reading says once the parts, and the manifest among them, were changed.
  [[nodiscard]] std::string complaint(
      const std::function<void(std::vector<ArchivePart>&, Json&)>& change) const {
    std::vector<ArchivePart> changed = parts();
    Json manifest = Json::parse(changed[0].bytes);
    change(changed, manifest);
    manifest.erase("digest");
    manifest["digest"] = digest_of(canonical_json(manifest)).hex();
    changed[0].bytes = manifest.dump();
    write_archive(folder_ / "changed", changed);
    try {
      (void)read_artifact(folder_ / "changed");
    } catch (const Error& error) {
      return error.message();
    }
    return "";
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "a.tar.zst";
  Artifact artifact_ = example_artifact();
  OnnxModel onnx_ = export_onnx(artifact_.scorer);
};

TEST_F(OnnxPart, IsAPartAndTheManifestVouchesForIt) {
  write_artifact(path_, artifact_, {.onnx = onnx_});
  const auto found = parts();
  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(found[4].name, "model.onnx");
  EXPECT_TRUE(found[4].bytes == onnx_.bytes);
  const Json manifest = Json::parse(found[0].bytes);
  EXPECT_EQ(manifest["format"], 4);
  EXPECT_FALSE(manifest.contains("onnx"));
  EXPECT_EQ(manifest["parts"]["model.onnx"]["sha256"], digest_of(onnx_.bytes).hex());
  EXPECT_NO_THROW(check_golden_rows(read_artifact(path_)));
}

TEST_F(OnnxPart, TheManifestSaysWhyThereIsNone) {
  write_artifact(path_, artifact_, {.onnx = {"", "the moon is full"}});
  EXPECT_EQ(parts().size(), 4U);
  EXPECT_EQ(Json::parse(parts()[0].bytes)["onnx"], (Json{{"missing", "the moon is full"}}));
  EXPECT_NO_THROW((void)read_artifact(path_));
}

TEST_F(OnnxPart, ArtifactsOfTheFirstFormatHaveNone) {
  write_artifact(path_, artifact_);
  EXPECT_EQ(complaint([](auto&, Json& manifest) {
              manifest["format"] = 1;
              manifest.erase("onnx");
            }),
            "");
  EXPECT_NE(complaint([](auto&, Json& manifest) { manifest["format"] = 0; }).find("unknown format 0"),
            std::string::npos);
}

TEST_F(OnnxPart, DamageIsFound) {
  write_artifact(path_, artifact_, {.onnx = onnx_});
  const auto says = [&](const std::string& words,
                        const std::function<void(std::vector<ArchivePart>&, Json&)>& change) {
    const std::string message = complaint(change);
    EXPECT_NE(message.find(words), std::string::npos) << message;
  };
  says("lacks the part 'model.onnx'", [](auto& changed, Json&) { changed.pop_back(); });
  says("'model.onnx': its bytes do not have the digest",
       [](auto& changed, Json&) { changed[4].bytes[99] ^= 1; });
  says("'model.onnx' is missing", [](auto&, Json& manifest) { manifest["parts"].erase("model.onnx"); });
}

}  // namespace
}  // namespace millrace
