// The user's ten commonest mistakes, each at one and at three ranks: the exit code, one message that says
// what and where, no hang, no traceback.
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "cli/workbench.hpp"
#include "net/http.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::ProcessResult;
using testing_support::Workbench;

class Mistakes : public testing::TestWithParam<int> {
 protected:
  // The run fails so, and its one error message holds all of `parts`.
  void expect_failure(Topic topic, const std::vector<std::string>& parts,
                      const std::vector<std::string>& arguments = {"run", "pipeline.yaml", "--quiet"}) {
    const ProcessResult result = bench_.millrace(arguments, GetParam());
    testing_support::expect_topic(result.exit_code, result.err, topic);
    for (const std::string& part : parts)
      EXPECT_NE(result.err.find(part), std::string::npos) << part << " is not in\n" << result.err;
    const auto first = result.err.find("millrace: error:");
    ASSERT_NE(first, std::string::npos) << result.err;
    EXPECT_EQ(result.err.find("millrace: error:", first + 1), std::string::npos) << "said twice:\n"
                                                                                 << result.err;
    EXPECT_EQ(result.err.find("terminate called"), std::string::npos) << result.err;
  }

  Workbench bench_;
};

TEST_P(Mistakes, WrongPath) {
  bench_.make_data();
  bench_.write("pipeline.yaml", "name: test\ndata: { source: dta/churn.csv, target: { column: churned } }\n");
  expect_failure(Topic::kMissingFile, {"dta/churn.csv"});
}

TEST_P(Mistakes, WrongConfigPath) {
  expect_failure(Topic::kMissingFile, {"pipelin.yaml"}, {"run", "pipelin.yaml"});
}

TEST_P(Mistakes, WrongColumn) {
  bench_.make_data();
  bench_.write("pipeline.yaml", "name: test\ndata:\n  source: data/*.csv\n  target: { column: churnd }\n");
  expect_failure(Topic::kUnknownColumn, {"pipeline.yaml:4", "churnd", "did you mean 'churned'"});
}

TEST_P(Mistakes, WrongType) {
  bench_.write("pipeline.yaml", Workbench::configuration() + "evaluation: { threshold: half }\n");
  expect_failure(Topic::kWrongValue, {"pipeline.yaml:8:26", "threshold", "half"});
}

TEST_P(Mistakes, UnknownKey) {
  bench_.write("pipeline.yaml", Workbench::configuration() + "evaluaton: { threshold: 0.5 }\n");
  expect_failure(Topic::kUnknownKey, {"pipeline.yaml:8:1", "evaluaton", "did you mean 'evaluation'"});
}

TEST_P(Mistakes, EmptyFile) {
  std::filesystem::create_directory(bench_.path("data"));
  bench_.write("data/empty.csv", "");
  expect_failure(Topic::kEmptyFile, {"empty.csv", "empty"});
}

TEST_P(Mistakes, HeaderOnly) {
  std::filesystem::create_directory(bench_.path("data"));
  bench_.write("data/a.csv", "customer_id,age,churned\n");
  expect_failure(Topic::kNoRows, {"a.csv", "no rows"});
}

TEST_P(Mistakes, TextInANumberColumn) {
  std::filesystem::create_directory(bench_.path("data"));
  std::string text = "customer_id,age,churned\n";
  for (int i = 0; i < 100; ++i) text += fmt::format("c{},{},{}\n", i, 20 + i % 50, i % 3 == 0 ? "Yes" : "No");
  bench_.write("data/a.csv", text + "c100,4o,No\n");
  bench_.write("pipeline.yaml",
               Workbench::configuration("validation: { expect: [ { column: age, between: [0, 120] } ] }\n"));
  expect_failure(Topic::kTextAmongNumbers, {"age", "'4o'", "a.csv", "102"});
}

TEST_P(Mistakes, TextInADeclaredNumberColumn) {
  std::filesystem::create_directory(bench_.path("data"));
  std::string text = "customer_id,age,churned\n";
  for (int i = 0; i < 100; ++i) text += fmt::format("c{},{},{}\n", i, 20 + i % 50, i % 3 == 0 ? "Yes" : "No");
  bench_.write("data/a.csv", text + "c100,4o,No\n");
  expect_failure(Topic::kRejectedRecords, {"age", "'4o' is no integer", "a.csv", "102"},
                 {"run", "pipeline.yaml", "--quiet", "--set", "data.types={age: integer}"});
}

TEST_P(Mistakes, OneClassTarget) {
  std::filesystem::create_directory(bench_.path("data"));
  std::string text = "customer_id,age,churned\n";
  for (int i = 0; i < 50; ++i) text += fmt::format("c{},{},No\n", i, 20 + i);
  bench_.write("data/a.csv", text);
  bench_.write("pipeline.yaml",
               "name: test\ndata: { source: data, drop: [customer_id], target: { column: churned } }\n");
  expect_failure(Topic::kOneClassTarget, {"churned", "No"});
}

TEST_P(Mistakes, ReadOnlyWorkspace) {
  if (::geteuid() == 0) {
    // Root may write anywhere that is a folder; a file in the folder's place stops root as well.
    bench_.write("blocked", "");
    bench_.make_data();
    expect_failure(Topic::kNotAFile, {"blocked"},
                   {"run", "pipeline.yaml", "--workspace", "blocked/workspace"});
    return;
  }
  bench_.make_data();
  std::filesystem::create_directory(bench_.path("closed"));
  std::filesystem::permissions(bench_.path("closed"), std::filesystem::perms::owner_read);
  expect_failure(Topic::kPermissionDenied, {"closed"},
                 {"run", "pipeline.yaml", "--workspace", "closed/workspace"});
}

TEST_P(Mistakes, GpuThatIsNotThere) {
  bench_.make_data();
  bench_.write("pipeline.yaml", Workbench::configuration());
  ::setenv("MILLRACE_DEVICE", "cpu", 1);
  expect_failure(Topic::kNoGpu, {"training.device is 'cuda'", "MILLRACE_DEVICE"},
                 {"run", "pipeline.yaml", "--quiet", "--set", "training.device=cuda"});
  ::unsetenv("MILLRACE_DEVICE");
}

TEST_P(Mistakes, UnknownCommandAndOption) {
  expect_failure(Topic::kCommandLine, {"unknown command 'rnu'"}, {"rnu"});
  expect_failure(Topic::kCommandLine, {"unknown option '--verfy'", "--verify"},
                 {"run", "pipeline.yaml", "--verfy"});
}

TEST_P(Mistakes, PortInUse) {
  HttpServer occupant({}, answering([](const HttpRequest&) { return HttpResponse{}; }));
  bench_.make_data();
  ASSERT_EQ(bench_.millrace({"run", "pipeline.yaml", "--quiet"}).exit_code, 0);
  expect_failure(Topic::kPortInUse, {std::to_string(occupant.port()), "in use"},
                 {"serve", "test", "--port", std::to_string(occupant.port())});
}

TEST_P(Mistakes, ServeNothingThatIsThere) {
  expect_failure(Topic::kMissingFile, {"none.tar.zst"},
                 {"serve", "--artifact", "none.tar.zst", "--port", "0"});
  expect_failure(Topic::kNothingDeployed, {"nothing is deployed at endpoint 'none'"},
                 {"serve", "none", "--port", "0"});
  expect_failure(Topic::kCommandLine, {"artifact files, or a workspace and its endpoints"}, {"serve"});
}

INSTANTIATE_TEST_SUITE_P(Ranks, Mistakes, testing::Values(1, 3));

}  // namespace
}  // namespace millrace
