#include "config/support.hpp"

namespace millrace {
namespace {

using testing::minimal_yaml;
using testing::refusal;

PipelineConfig with(const std::vector<std::string>& overrides, const std::string& more = "") {
  return parse_config(minimal_yaml(more), "churn.yaml", overrides);
}

TEST(Overrides, ReplaceAndAddValues) {
  const auto config = with({"training.epochs=7", "name=other", "model.hidden=[8, 4]",
                            "data.filter=a == 'x=y'", "training.epochs=9", "data.target={column: y}"},
                           "training: { epochs: 3, seed: 5 }\n");
  EXPECT_EQ(config.training.epochs, 9U);  // the last one counts
  EXPECT_EQ(config.training.seed, 5U);
  EXPECT_EQ(config.name, "other");
  EXPECT_EQ(config.model.hidden, (std::vector<std::uint32_t>{8, 4}));
  EXPECT_EQ(config.data.filter->text, "a == 'x=y'");
  EXPECT_EQ(config.data.filter->mark.str(), "--set data.filter");
  EXPECT_EQ(config.data.filter->at(5).str(), "--set data.filter");
  EXPECT_EQ(config.data.target.column.text, "y");
}

TEST(Overrides, ReachIntoSectionsThatWereOffAndQuotedNames) {
  const auto config = with({"training.early_stopping.patience=3", "features.columns.\"a.b=c\".bins=4"},
                           "training: { early_stopping: false }\n");
  EXPECT_EQ(config.training.early_stopping->patience, 3U);
  EXPECT_EQ(config.features.columns.at("a.b=c").numeric.bins, 4U);
}

TEST(Overrides, AreTypedAndChecked) {
  const auto message = [](const std::string& text) { return refusal(minimal_yaml(), {text}); };
  EXPECT_EQ(message("training.epoch=3"),
            "--set training.epoch: unknown key 'epoch' in training (did you mean 'epochs'?)");
  EXPECT_EQ(message("training.epochs=-3"),
            "--set training.epochs: training.epochs must be an integer, at least 1, not '-3'");
  EXPECT_NE(message("training.epochs=").find("--set training.epochs: training.epochs must be"),
            std::string::npos);
  EXPECT_NE(message("training.epochs=[").find("--set training.epochs: this is no valid YAML"),
            std::string::npos);
  EXPECT_NE(message("data.source.0=x").find("--set data.source.0: data.source must be"), std::string::npos);
  EXPECT_NE(message("training.epochs").find("key.path=value"), std::string::npos);
  EXPECT_NE(message("=3").find("key.path=value"), std::string::npos);
  EXPECT_NE(message("").find("key.path=value"), std::string::npos);
  EXPECT_NE(refusal(minimal_yaml("model: { hidden: [3] }"), {"model.hidden.0=4"}).find("set the whole list"),
            std::string::npos);
}

}  // namespace
}  // namespace millrace
