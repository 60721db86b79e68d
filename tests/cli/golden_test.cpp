// Pinned results of the stages up to the features. When one of these changes, results for equal inputs have
// changed: raise numerics_version of the stage (src/pipeline/stages/), or caches would go on giving the old
// ones; then pin anew.
#include <filesystem>

#include <gtest/gtest.h>

#include "cli/workbench.hpp"

namespace millrace {
namespace {

using testing_support::Workbench;

std::string fixed_rows() {
  std::string text = "customer_id,day,amount,plan,flag,churned\n";
  for (int i = 0; i < 200; ++i) {
    const std::string amount = i % 17 == 0 ? "" : fmt::format("{}.{:02}", i * 7 % 113, i * 13 % 100);
    const char* plans[] = {"Basic", "\"Plus, yearly\"", "Family"};
    text += fmt::format("c{},2026-{:02}-{:02},{},{},{},{}\n", i, 1 + i % 12, 1 + i % 28, amount, plans[i % 3],
                        i % 4 == 0 ? "true" : "false", i % 5 == 0 ? "Yes" : "No");
  }
  return text;
}

TEST(Golden, VersionsOfDataVerdictAndFeaturesStayAsTheyAre) {
  const Workbench bench;
  std::filesystem::create_directory(bench.path("data"));
  bench.write("data/rows.csv", fixed_rows());
  bench.write("pipeline.yaml",
              Workbench::configuration("features: { columns: { amount: { clip: [0.05, 0.95], log1p: true, "
                                       "bins: 4 } } }\n"));
  const auto result = bench.millrace({"features", "pipeline.yaml", "--quiet"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json outputs = bench.latest_run()["outputs"];
  EXPECT_EQ(outputs["ingest"]["dataset"], "01a4908382e765bc43deb92ab7d60a632aa10f4775b336142d07d73da162037d");
  EXPECT_EQ(outputs["validate"]["verdict"],
            "21f1f88e221c6f77c43a2bf03ababa4a465ff6f4d18949987957eb2a0bdd6cf2");
  EXPECT_EQ(outputs["features"]["features"],
            "2ed94361c8f68d31319fb19b7e643fd9dee1c1a2866aaa7bb17811628274b724");
}

}  // namespace
}  // namespace millrace
