// What is read of an artifact that shall be exported.
#include "base/file.hpp"
#include "base/publish.hpp"
#include "packaging/runtimes/example_source.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::example_artifact;
using testing_support::TemporaryFolder;

class Source : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  std::string path_ = folder_ / "a.tar.zst";
  Artifact artifact_ = example_artifact("multiclass");
};

TEST_F(Source, IsTheArtifactsManifestAndItsModel) {
  const OnnxModel onnx = export_onnx(artifact_.scorer);
  write_artifact(path_, artifact_, {.onnx = onnx});
  const ExportSource source = read_export_source(path_);
  EXPECT_EQ(source.name(), "churn/7");
  EXPECT_EQ(source.file_name(), "churn-7.tar.zst");
  EXPECT_EQ(source.task, "multiclass");
  EXPECT_EQ(source.classes, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(source.onnx == onnx.bytes);
}

TEST_F(Source, KnowsWhyThereIsNoModelInOnnx) {
  write_artifact(path_, artifact_, {.onnx = {"", "a level is the empty text"}});
  const ExportSource source = read_export_source(path_);
  EXPECT_TRUE(source.onnx.empty());
  EXPECT_EQ(source.without_onnx, "a level is the empty text");
}

TEST_F(Source, ADamagedArtifactIsNone) {
  write_artifact(path_, artifact_);
  const std::string bytes = read_file(path_);
  publish_file(path_, bytes.substr(0, bytes.size() / 2));
  EXPECT_THROW(read_export_source(path_), Error);
}

TEST_F(Source, ANameThatIsNoFilesIsRefused) {
  for (const std::string name : {"../churn", "a b", "", "\n", "a/b"}) {
    artifact_.model = name;
    write_artifact(path_, artifact_);
    EXPECT_THROW(read_export_source(path_), Error) << name;
  }
}

}  // namespace
}  // namespace millrace
