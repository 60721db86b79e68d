// KServe's InferenceService. tests/interoperability/runtimes.py holds its fields against KServe's own schema.
#include "config/yaml_tree.hpp"
#include "packaging/runtimes/example_source.hpp"

namespace millrace {
namespace {

using testing_support::complaint;
using testing_support::contains;
using testing_support::example_source;
using testing_support::paths_of;

KserveOptions with_image() {
  KserveOptions options;
  options.image = "lab/churn:7";
  return options;
}
KserveOptions with_triton() {
  KserveOptions options;
  options.with_triton = true;
  options.storage = "s3://models/churn";
  return options;
}

std::string service(const KserveOptions& options) {
  const ExportedFiles files = kserve_service(example_source(), options);
  EXPECT_EQ(files.back().path, "inference-service.yaml");
  EXPECT_NO_THROW((void)parse_yaml(files.back().bytes, Mark{"service", 1, 1}));
  return files.back().bytes;
}

TEST(Kserve, TheCanaryIsThereOnlyWhereItIsAskedFor) {
  KserveOptions options = with_image();
  EXPECT_FALSE(contains(service(options), "canaryTrafficPercent"));
  for (const int percent : {0, 10, 100}) {
    options.canary = percent;
    EXPECT_TRUE(contains(service(options), fmt::format("    canaryTrafficPercent: {}\n", percent)));
  }
  for (const int percent : {-1, 101}) {
    options.canary = percent;
    EXPECT_NE(complaint([&] { kserve_service(example_source(), options); }), "");
  }
}

TEST(Kserve, WithStorageTheArtifactIsThereToBeCopied) {
  KserveOptions options = with_image();
  EXPECT_EQ(paths_of(kserve_service(example_source(), options)),
            (std::vector<std::string>{"inference-service.yaml"}));
  options.storage = "pvc://models/churn";
  EXPECT_EQ(paths_of(kserve_service(example_source(), options)),
            (std::vector<std::string>{"storage/churn-7.tar.zst", "inference-service.yaml"}));
  EXPECT_TRUE(contains(service(options), "\"/mnt/models/churn-7.tar.zst\""));
  EXPECT_TRUE(contains(service(options), "name: STORAGE_URI, value: \"pvc://models/churn\""));
}

TEST(Kserve, WithTritonItsRepositoryIs) {
  EXPECT_EQ(paths_of(kserve_service(example_source(), with_triton())),
            (std::vector<std::string>{"storage/churn/config.pbtxt", "storage/churn/labels.txt",
                                      "storage/churn/7/model.onnx", "inference-service.yaml"}));
  EXPECT_TRUE(contains(service(with_triton()), "storageUri: \"s3://models/churn\""));
}

TEST(Kserve, AServicesNameFollowsKubernetesRule) {
  for (const std::string name : {"c", "churn-2", "a1"}) {
    KserveOptions options = with_image();
    options.name = name;
    EXPECT_TRUE(contains(service(options), fmt::format("  name: \"{}\"\n", name)));
  }
  for (const std::string name : {"Churn", "7churn", "churn-", "-churn", "chu.rn", "chu_rn"}) {
    ExportSource source = example_source();
    source.model = name;
    EXPECT_NE(complaint([&] { kserve_service(source, with_image()); }).find("--name"), std::string::npos)
        << name;
  }
  ExportSource source = example_source();
  source.model = std::string(63, 'a');
  EXPECT_NO_THROW(kserve_service(source, with_image()));
  source.model += "a";
  EXPECT_NE(complaint([&] { kserve_service(source, with_image()); }), "");
}

TEST(Kserve, RefusesOptionsThatDoNotFit) {
  KserveOptions options;
  EXPECT_NE(complaint([&] { kserve_service(example_source(), options); }).find("--image"), std::string::npos);
  options = with_triton();
  options.image = "lab/churn:7";
  EXPECT_NE(complaint([&] { kserve_service(example_source(), options); }).find("--image"), std::string::npos);
  options = with_triton();
  options.storage.clear();
  EXPECT_NE(complaint([&] { kserve_service(example_source(), options); }).find("--storage"),
            std::string::npos);
  for (const std::string bad : {"two words", "line\nend", "\xff", "é"}) {
    options = with_image();
    options.storage = bad;
    EXPECT_NE(complaint([&] { kserve_service(example_source(), options); }).find("--storage"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace millrace
