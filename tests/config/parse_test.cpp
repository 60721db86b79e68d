#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "config/support.hpp"

namespace millrace {
namespace {

using testing::minimal_yaml;

constexpr const char* kHousePlanExample = R"(name: telco-churn
data:
  source: ${env:MILLRACE_DATA:-../../shared/data}/telco-churn/Telco-Customer-Churn.csv   # a file, a glob, or a partitioned folder
  target: { column: Churn, positive: "Yes" }
  missing: ["", " "]
  drop: [customerID]
  split: { test: "row_index % 5 == 4", validation: 0.1 }
validation:
  missing: { max_share: 0.10, action: reject }
  outliers: { method: iqr, multiplier: 1.5, action: warn }
  expect:
    - { column: tenure, between: [0, 100] }
    - { column: Contract, in_set: [Month-to-month, One year, Two year] }
model: { hidden: [64, 32], dropout: 0.1 }
training: { seed: 1, epochs: 50, batch_size: 256, learning_rate: 1e-3, early_stopping: { patience: 5 }, checkpoint: { every_steps: 200 } }
evaluation: { gate: { metric: auc, not_worse_by: 0.002 } }
deployment: { endpoint: churn, canary: 10 }
)";

TEST(Parse, ReadsTheExampleOfTheHousePlan) {
  ::unsetenv("MILLRACE_DATA");
  const PipelineConfig config = parse_config(kHousePlanExample, "configs/telco.yaml");
  EXPECT_EQ(config.name, "telco-churn");
  ASSERT_EQ(config.data.source.size(), 1U);
  EXPECT_EQ(config.data.source[0].text, "configs/../../shared/data/telco-churn/Telco-Customer-Churn.csv");
  EXPECT_EQ(config.data.source[0].mark.str(), "configs/telco.yaml:3:11");
  EXPECT_EQ(config.data.target.positive, std::vector<std::string>{"Yes"});
  EXPECT_EQ(config.data.missing, (std::vector<std::string>{"", " "}));
  EXPECT_EQ(config.data.drop.at(0).mark.str(), "configs/telco.yaml:6:10");
  ASSERT_TRUE(config.data.split.test.expression);
  EXPECT_EQ(config.data.split.test.expression->text, "row_index % 5 == 4");
  EXPECT_EQ(config.data.split.test.expression->at(10).str(), "configs/telco.yaml:7:29");
  EXPECT_FALSE(config.data.split.validation.expression);
  EXPECT_EQ(config.data.split.validation.share, 0.1);
  ASSERT_EQ(config.validation.expect.size(), 2U);
  EXPECT_EQ(config.validation.expect[0].between->second, 100);
  EXPECT_EQ(config.validation.expect[1].in_set->size(), 3U);
  EXPECT_EQ(config.model.hidden, (std::vector<std::uint32_t>{64, 32}));
  EXPECT_EQ(config.training.learning_rate, 1e-3);
  EXPECT_EQ(config.training.early_stopping->patience, 5U);
  EXPECT_EQ(config.evaluation.gate->metric, "auc");
  EXPECT_EQ(config.deployment.canary, 10);
  EXPECT_FALSE(config.deployment.accuracy_margin);
}

TEST(Parse, LeavesDefaultsWhereTheFileSaysNothing) {
  const PipelineConfig config = parse_config(minimal_yaml("training:\n"), "churn.yaml");
  EXPECT_EQ(config.training.epochs, TrainingConfig{}.epochs);
  EXPECT_EQ(config.workspace, "workspace");
  EXPECT_EQ(config.data.missing, std::vector<std::string>{""});
  EXPECT_TRUE(config.training.early_stopping);
}

TEST(Parse, SwitchesOptionalSectionsOff) {
  const auto off =
      parse_config(minimal_yaml("training: { early_stopping: false }\nevaluation: { gate: false }\n"), "c");
  EXPECT_FALSE(off.training.early_stopping);
  EXPECT_FALSE(off.evaluation.gate);
  const auto on = parse_config(minimal_yaml("training: { early_stopping: true }\n"), "c");
  EXPECT_EQ(on.training.early_stopping->patience, EarlyStopping{}.patience);
}

TEST(Parse, ColumnsInheritWhatTheyLeaveOut) {
  const auto config = parse_config(minimal_yaml("features:\n"
                                                "  numeric: { impute: mean, clip: [0.01, 0.99] }\n"
                                                "  columns:\n"
                                                "    age: { bins: 8, clip: null }\n"
                                                "    plan.type: { kind: categorical, encode: onehot }\n"),
                                   "c");
  const ColumnFeature& age = config.features.columns.at("age");
  EXPECT_EQ(age.numeric.impute, "mean");
  EXPECT_EQ(age.numeric.bins, 8U);
  EXPECT_FALSE(age.numeric.clip);
  const ColumnFeature& plan = config.features.columns.at("plan.type");
  EXPECT_EQ(plan.kind, "categorical");
  EXPECT_EQ(plan.categorical.encode, "onehot");
  EXPECT_EQ(plan.numeric.clip->second, 0.99);
}

TEST(Parse, TakesShorthands) {
  const auto config = parse_config(
      "name: a\n"
      "data:\n"
      "  source: [a.csv, /b/*.csv, ./c]\n"
      "  header: false\n"
      "  names: [x, y]\n"
      "  types: { x: integer }\n"
      "  missing: NA\n"
      "  delimiter: \"\\t\"\n"
      "  filter: x > 3\n"
      "  target: { column: y, positive: true }\n"
      "model: { hidden: [] }\n",
      "folder/a.yaml");
  EXPECT_EQ(config.data.source.at(0).text, "folder/a.csv");
  EXPECT_EQ(config.data.source.at(1).text, "/b/*.csv");
  EXPECT_EQ(config.data.source.at(2).text, "folder/c");
  EXPECT_EQ(config.workspace, "folder/workspace");
  EXPECT_EQ(config.data.types.at("x").text, "integer");
  EXPECT_EQ(config.data.missing, std::vector<std::string>{"NA"});
  EXPECT_EQ(config.data.delimiter, "\t");
  EXPECT_EQ(config.data.filter->text, "x > 3");
  EXPECT_EQ(config.data.filter->at(2).str(), "folder/a.yaml:9:13");
  EXPECT_EQ(config.data.target.positive, std::vector<std::string>{"true"});
  EXPECT_TRUE(config.model.hidden.empty());
}

TEST(Parse, AProgramIsFoundByPathOrBesideTheFile) {
  const auto program = [](const std::string& word, const std::string& file) {
    return parse_config(minimal_yaml("  publish_check: [" + word + ", ./x]\n"), file).data.publish_check;
  };
  EXPECT_EQ(program("check", "folder/a.yaml"), (std::vector<std::string>{"check", "./x"}));
  EXPECT_EQ(program("./check", "folder/a.yaml").front(), "folder/check");
  EXPECT_EQ(program("./check", "a.yaml").front(), "./check");
  EXPECT_EQ(program("../bin/check", "a.yaml").front(), "../bin/check");
  EXPECT_EQ(program("/bin/check", "folder/a.yaml").front(), "/bin/check");
}

TEST(Parse, CountsColumnsInCharactersAndKnowsWhereTextIsNotVerbatim) {
  const auto plain = parse_config(minimal_yaml("  filter: größe > 3\n"), "c");
  EXPECT_EQ(plain.data.filter->at(8).str(), "c:5:17");  // '>' after six characters in eight bytes
  const auto folded = parse_config(minimal_yaml("  filter: >\n    a and\n    b\n"), "c");
  EXPECT_FALSE(folded.data.filter->verbatim);
  EXPECT_EQ(folded.data.filter->at(3).str(), folded.data.filter->mark.str());
  const auto escaped = parse_config(minimal_yaml("  filter: \"a == \\\"x\\\"\"\n"), "c");
  EXPECT_EQ(escaped.data.filter->text, "a == \"x\"");
  EXPECT_FALSE(escaped.data.filter->verbatim);
  const auto bom =
      parse_config("\xef\xbb\xbfname: ä\n", "c", {"name=x", "data.source=s", "data.target.column=c"});
  EXPECT_EQ(bom.name, "x");
}

TEST(Parse, LoadsAFileAndReportsAMissingOne) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("millrace-config-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::string path = (folder / "churn.yaml").string();
  std::ofstream(path) << minimal_yaml();
  EXPECT_EQ(load_config(path).data.source.at(0).text, (folder / "rows.csv").string());
  std::filesystem::remove_all(folder);
  try {
    load_config(path);
    FAIL() << "a missing file was loaded";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kResource);
  }
}

}  // namespace
}  // namespace millrace
