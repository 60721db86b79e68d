// Images. tests/interoperability/runtimes.py compares the packages with what the executables link, and
// tests/interoperability/images builds and runs the serving one.
#include "base/publish.hpp"
#include "packaging/runtimes/example_source.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::example_source;
using testing_support::paths_of;
using testing_support::TemporaryFolder;

class Images : public ::testing::Test {
 protected:
  Images() {
    publish_file(folder_ / "artifact", "the artifact");
    publish_file(folder_ / "server", "the server");
    source_.path = folder_ / "artifact";
  }

  TemporaryFolder folder_;
  ExportSource source_ = example_source();
};

TEST_F(Images, WhatADefinitionCopiesLiesBesideIt) {
  for (const auto& [files, definition] :
       {std::pair(docker_files(source_, folder_ / "server"), "Dockerfile"),
        std::pair(apptainer_files(source_, folder_ / "server"), "serve.def")}) {
    ASSERT_EQ(files.size(), 4U);
    EXPECT_EQ(files[0].path, "churn-7.tar.zst");
    EXPECT_EQ(files[0].bytes, "the artifact");
    EXPECT_EQ(files[1].path, "millrace-serve");
    EXPECT_EQ(files[1].bytes, "the server");
    EXPECT_TRUE(files[1].executable);
    EXPECT_EQ(files[2].path, definition);
    EXPECT_NE(files[2].bytes.find("churn-7.tar.zst /model/"), std::string::npos);
  }
}

TEST_F(Images, OnlyThePipelineIsBuiltInTwoStages) {
  const auto stages = [](const std::string& text, const std::string& begin) {
    std::size_t count = 0;
    for (auto at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1)) ++count;
    return count;
  };
  const ExportedFiles docker = docker_files(source_, folder_ / "server");
  EXPECT_EQ(stages(docker[2].bytes, "FROM "), 1U);
  EXPECT_EQ(stages(docker[3].bytes, "FROM "), 2U);
  const ExportedFiles apptainer = apptainer_files(source_, folder_ / "server");
  EXPECT_EQ(stages(apptainer[2].bytes, "Bootstrap: "), 1U);
  EXPECT_EQ(stages(apptainer[3].bytes, "Bootstrap: "), 2U);
}

}  // namespace
}  // namespace millrace
