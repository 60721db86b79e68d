// millrace package build | inspect | verify | extract, and what the pipeline puts into an artifact.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/workbench.hpp"
#include "support/process.hpp"

namespace millrace {
namespace {

using testing_support::ProcessResult;
using testing_support::Workbench;

constexpr const char* kCard =
    "package:\n"
    "  sign_key: anna\n"
    "  card: { purpose: \"To call | those who may leave\", licence: CC-BY-4.0, units: { age: years } }\n"
    "evaluation: { segments: [contract, age] }\n";

class Package : public testing::Test {
 protected:
  void SetUp() override {
    bench_.make_data(2, 300);
    const auto made = testing_support::run_process(
        {"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", bench_.path("anna")});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    bench_.write("signers",
                 "anna@lab namespaces=\"millrace-artifact\" " + read_file(bench_.path("anna.pub")));
    bench_.write("pipeline.yaml", Workbench::configuration(kCard));
    succeed({"package", "pipeline.yaml", "--quiet"});
  }

  std::string succeed(const std::vector<std::string>& arguments, int ranks = 0) const {
    const ProcessResult result = bench_.millrace(arguments, ranks);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  }
  void expect_failure(const std::vector<std::string>& arguments, ExitCode code,
                      const std::string& part) const {
    const ProcessResult result = bench_.millrace(arguments);
    EXPECT_EQ(result.exit_code, static_cast<int>(code)) << result.out << result.err;
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
  }
  [[nodiscard]] Json manifest(const std::string& artifact = "test/1") const {
    return Json::parse(succeed({"package", "inspect", artifact, "--json"}));
  }
  [[nodiscard]] std::string digest() const { return bench_.latest_run()["outputs"]["package"]["artifact"]; }
  [[nodiscard]] std::string object() const {
    return bench_.path("workspace/objects/" + digest().substr(0, 2) + "/" + digest().substr(2));
  }

  Workbench bench_;
};

TEST_F(Package, IsInspectedVerifiedAndExtracted) {
  const Json inspected = manifest();
  EXPECT_EQ(inspected["sha256"], digest());
  EXPECT_EQ(inspected["manifest"]["format"], 4);
  for (const Json& input : inspected["manifest"]["inputs"]) {
    EXPECT_TRUE(input.contains("may_be_missing")) << input;
    EXPECT_TRUE(input.contains("range") || input.contains("levels")) << input;
    EXPECT_EQ(input.contains("unit"), input["name"] == "age") << input;
  }
  EXPECT_NE(succeed({"package", "inspect", "test/1"}).find("integer [years]"), std::string::npos);
  const std::string card = succeed({"package", "inspect", "test/1", "--card"});
  for (const char* part : {"To call \\| those who may leave", "## Segments", "| contract | ",
                           "1000 resamples", "Brier score", "Sources: ", "signup"}) {
    EXPECT_NE(card.find(part), std::string::npos) << part << card;
  }
  EXPECT_NE(succeed({"package", "verify", "test/1", "--signers", "signers"}).find("signed by anna@lab"),
            std::string::npos);
  succeed({"package", "extract", "test/1", "--to", "out/parts"});
  const auto& parts = inspected["manifest"]["parts"];
  for (const auto& [name, described] : parts.items())
    EXPECT_EQ(digest_of_file(bench_.path("out/parts/" + name)).hex(), described["sha256"]) << name;
  expect_failure({"package", "extract", "test/1", "--to", "out/parts"}, ExitCode::kUsage,
                 "has LICENCES, card.md");
  succeed({"package", "extract", "test/1", "--to", "out/parts", "--replace"});
}

// Segments split the test rows; the profile holds all training rows and all predictions.
TEST_F(Package, FiguresAddUp) {
  succeed({"package", "extract", "test/1", "--to", "parts"});
  const Json test = read_json_file(bench_.path("parts/evaluation.json"))["test"];
  std::map<std::string, double> rows;
  for (const Json& segment : test["segments"])
    rows[segment["column"]] += segment["metrics"]["rows"].get<double>();
  ASSERT_EQ(rows.size(), 2U);
  for (const auto& [column, sum] : rows) EXPECT_EQ(sum, test["metrics"]["rows"]) << column;
  for (const auto& [metric, interval] : test["bootstrap"]["intervals"].items()) {
    EXPECT_LE(interval[0], test["metrics"][metric]) << metric;
    EXPECT_GE(interval[1], test["metrics"][metric]) << metric;
  }
  const Json profile = read_json_file(bench_.path("parts/profile.json"));
  const Json features = bench_.latest_run()["outputs"]["features"];
  for (const auto& [part, count] :
       {std::pair{"inputs", features["train"]}, {"predictions", features["test"]}}) {
    for (const Json& column : profile[part]["columns"]) {
      std::uint64_t sum = column["missing"];
      if (column.contains("bins")) {
        for (const Json& bin : column["bins"]["rows"]) sum += bin.get<std::uint64_t>();
        EXPECT_EQ(column["bins"]["edges"].size(), column["bins"]["rows"].size() + 1);
      } else {
        for (const Json& level : column["levels"]) sum += level["rows"].get<std::uint64_t>();
        sum += column["other"].get<std::uint64_t>();
      }
      EXPECT_EQ(sum, count) << column;
    }
  }
}

TEST_F(Package, IsTheSameOnMoreRanksAndWhenItIsBuiltAgain) {
  const std::string bytes = read_file(object());
  const auto build = [&](int ranks, std::vector<std::string> more) {
    more.insert(more.begin(), {"package", "build", "test/1", "--out", "built", "--json"});
    return Json::parse(succeed(more, ranks));
  };
  EXPECT_EQ(build(0, {})["rebuilt"], false);
  EXPECT_TRUE(read_file(bench_.path("built")) == bytes);
  for (const int ranks : {0, 3}) {
    const Json built = build(ranks, {"--rebuild"});
    EXPECT_EQ(built["rebuilt"], true);
    EXPECT_EQ(built["same_bytes"], true);
    EXPECT_TRUE(read_file(bench_.path("built")) == bytes) << ranks;
  }
  std::filesystem::remove(object());
  EXPECT_EQ(build(0, {})["same_bytes"], true);
  std::filesystem::rename(bench_.path("workspace/runs"), bench_.path("workspace/moved"));
  expect_failure({"package", "build", "test/1", "--out", "built"}, ExitCode::kResource, "no run");
}

// Equal weights (training.deterministic) on other ranks give equal artifacts: metrics, intervals, segments
// and profiles are the same.
TEST_F(Package, DoesNotDependOnTheNumberOfRanks) {
  const auto artifact = [&](const std::string& workspace, int ranks) -> std::string {
    succeed(
        {"package", "pipeline.yaml", "--quiet", "--workspace", workspace, "--set",
         "training.deterministic=true", "--set", "data.shard_bytes=16384", "--set", "data.block_bytes=4096"},
        ranks);
    return bench_.latest_run(workspace)["outputs"]["package"]["artifact"];
  };
  EXPECT_EQ(artifact("alone", 0), artifact("three", 3));
}

TEST_F(Package, AnotherKeySignsAnotherArtifact) {
  const std::string first = digest();
  succeed({"package", "pipeline.yaml", "--quiet"});
  EXPECT_EQ(digest(), first);
  succeed({"package", "pipeline.yaml", "--quiet", "--set", "package.sign_key=''"});
  EXPECT_NE(digest(), first);
  expect_failure({"package", "verify", "test/1", "--signers", "signers"}, ExitCode::kResource,
                 "it is not signed");
  expect_failure({"package", "pipeline.yaml", "--quiet", "--set", "package.sign_key=absent"},
                 ExitCode::kResource, "absent");
}

TEST_F(Package, AnotherModelsArtifactIsRefused) {
  std::filesystem::copy_file(object(), bench_.path("first.tar.zst"));
  const std::string place = object();
  succeed(
      {"package", "pipeline.yaml", "--quiet", "--set", "model.hidden=[4]", "--set", "evaluation.gate=false"});
  succeed({"package", "verify", "first.tar.zst", "--as", "test/1"});
  expect_failure({"package", "verify", "first.tar.zst", "--as", "test/2"}, ExitCode::kResource,
                 "it is not the artifact of test/2: it says that it is test/1");
  std::filesystem::permissions(place, std::filesystem::perms::owner_all);
  std::filesystem::copy_file(object(), place, std::filesystem::copy_options::overwrite_existing);
  expect_failure({"package", "verify", "test/1"}, ExitCode::kResource, "it says that it is test/2");
}

TEST_F(Package, MistakesAreTold) {
  expect_failure({"package", "inspect"}, ExitCode::kUsage, "which artifact?");
  expect_failure({"package", "inspect", "absent.tar.zst"}, ExitCode::kResource, "there is no file");
  expect_failure({"package", "inspect", "test/9"}, ExitCode::kResource, "no version '9'");
  expect_failure({"package", "inspect", "pipeline.yaml"}, ExitCode::kResource, "no .tar.zst file");
  expect_failure({"package", "extract", "test/1"}, ExitCode::kUsage, "which to?");
  expect_failure({"package", "verify", "test/1", "--signers", "absent"}, ExitCode::kResource, "absent");
  expect_failure({"package", "pipeline.yaml", "--set", "evaluation.segments=[contrat]"}, ExitCode::kUsage,
                 "did you mean 'contract'?");
  expect_failure({"package", "pipeline.yaml", "--set", "package.card.units.agee=years"}, ExitCode::kUsage,
                 "did you mean 'age'?");
}

}  // namespace
}  // namespace millrace
