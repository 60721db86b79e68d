// millrace package export through the executable: what it refuses. tests/interoperability/runtimes.py looks
// at what it writes.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "cli/workbench.hpp"
#include "support/example_artifact.hpp"

namespace millrace {
namespace {

using testing_support::example_artifact;
using testing_support::ProcessResult;
using testing_support::Workbench;

class PackageExport : public testing::Test {
 protected:
  void SetUp() override {
    write_artifact(bench_.path("a.tar.zst"), example_artifact(), {.onnx = {"", "a level is the empty text"}});
  }
  void expect_refusal(std::vector<std::string> arguments, ExitCode code, const std::string& part) {
    arguments.insert(arguments.begin(), {"package", "export"});
    const ProcessResult result = bench_.millrace(arguments);
    EXPECT_EQ(result.exit_code, static_cast<int>(code)) << result.out << result.err;
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
  }

  Workbench bench_;
};

TEST_F(PackageExport, WritesImagesAndSaysWhat) {
  const ProcessResult result =
      bench_.millrace({"package", "export", "a.tar.zst", "--as", "docker", "--to", "image"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out,
            "image/churn-7.tar.zst\nimage/millrace-serve\nimage/Dockerfile\nimage/pipeline.Dockerfile\n");
}

TEST_F(PackageExport, RefusesWhatCannotBe) {
  expect_refusal({"a.tar.zst", "--as", "triton", "--to", "x"}, ExitCode::kUsage, "a level is the empty text");
  expect_refusal({"a.tar.zst", "--as", "podman", "--to", "x"}, ExitCode::kUsage, "--as podman");
  expect_refusal({"a.tar.zst", "--to", "x"}, ExitCode::kUsage, "--as is missing");
  expect_refusal({"a.tar.zst", "--as", "docker"}, ExitCode::kUsage, "--to is missing");
  expect_refusal({"a.tar.zst", "--as", "docker", "--to", "x", "--canary", "10"}, ExitCode::kUsage,
                 "--as kserve");
  expect_refusal({"a.tar.zst", "--as", "kserve", "--to", "x", "--image", "i", "--server", "java"},
                 ExitCode::kUsage, "--server java");
  expect_refusal({"churn/7", "--as", "docker", "--to", "x"}, ExitCode::kResource, "churn");
  expect_refusal({"no/such.tar.zst", "--as", "docker", "--to", "x"}, ExitCode::kResource, "there is no file");
  bench_.write("b.tar.zst", "no artifact");
  expect_refusal({"b.tar.zst", "--as", "docker", "--to", "x"}, ExitCode::kResource, "b.tar.zst");
}

// The word behind `package` is an action's or the configuration's.
TEST_F(PackageExport, TheStageIsStillThere) {
  const ProcessResult result = bench_.millrace({"package", "no-such.yaml"});
  EXPECT_EQ(result.exit_code, static_cast<int>(ExitCode::kResource)) << result.err;
  EXPECT_NE(result.err.find("no-such.yaml"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace millrace
