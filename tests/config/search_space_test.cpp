// tuning.space: what it takes, and how what it does not take is refused, at its place.
#include "config/search_space.hpp"

#include "config/support.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing::minimal_yaml;
using testing::refusal;

// The space begins at line 7.
std::string with_space(const std::string& space) {
  return minimal_yaml("tuning:\n  space:\n" + space);
}

Topic topic_of(const std::string& yaml) {
  try {
    parse_config(yaml, "churn.yaml");
  } catch (const Error& error) {
    return error.topic();
  }
  return Topic::kInternal;
}

TEST(SearchSpaceConfig, TakesEveryDistribution) {
  const PipelineConfig config =
      parse_config(with_space("    training.learning_rate: { loguniform: [1e-4, 1e-1] }\n"
                              "    training.batch_size: { choice: [64, 128] }\n"
                              "    model.hidden: { choice: [[64, 32], [128], []] }\n"
                              "    model.activation: { choice: [relu, gelu] }\n"
                              "    model.dropout: { uniform: [0, 0.5], step: 0.1,\n"
                              "                     when: { model.activation: relu } }\n"
                              "    training.early_stopping.patience: { int: [3, 20] }\n"
                              "    features.columns.\"a.b\".log1p: { choice: [true, false] }\n"),
                   "churn.yaml");
  const auto& space = config.tuning.space;
  EXPECT_EQ(space.size(), 7U);
  EXPECT_EQ(space.at("model.hidden").choice.at(0).json, "[64,32]");
  EXPECT_EQ(space.at("model.activation").choice.at(1).json, "\"gelu\"");
  EXPECT_EQ(space.at("model.dropout").when.at("model.activation").at(0).json, "\"relu\"");
  EXPECT_TRUE(has_whole_values(space.at("training.early_stopping.patience")));
  EXPECT_FALSE(has_whole_values(space.at("model.dropout")));
}

TEST(SearchSpaceConfig, ReadsBackFromItsResolvedForm) {
  const PipelineConfig config =
      parse_config(with_space("    model.hidden: { choice: [[64, 32], [128]] }\n"
                              "    training.learning_rate: { loguniform: [1e-4, 1e-1] }\n"),
                   "churn.yaml");
  const PipelineConfig again = parse_config(config_to_yaml(config), "churn.yaml");
  EXPECT_EQ(config_to_json(again), config_to_json(config));
}

TEST(SearchSpaceConfig, RefusesKeysThatTheConfigurationDoesNotHave) {
  const std::string message = refusal(with_space("    model.droput: { uniform: [0, 0.5] }\n"));
  EXPECT_NE(message.find("churn.yaml:7:"), std::string::npos) << message;
  EXPECT_NE(message.find("did you mean 'dropout'"), std::string::npos) << message;
}

TEST(SearchSpaceConfig, RefusesValuesThatTheirKeyDoesNotTake) {
  for (const auto& [space, part] : std::vector<std::pair<std::string, std::string>>{
           {"    model.dropout: { uniform: [0, 1] }\n", "model.dropout must be a number, from 0 to below 1"},
           {"    training.batch_size: { uniform: [32, 64] }\n", "training.batch_size must be an integer"},
           {"    training.batch_size: { int: [0, 64] }\n", "training.batch_size must be an integer"},
           {"    model.activation: { choice: [relu, rleu] }\n", "did you mean 'relu'"},
           {"    model.hidden: { choice: [[64], [wide]] }\n", "model.hidden must be"}}) {
    const std::string message = refusal(with_space(space));
    EXPECT_NE(message.find(part), std::string::npos) << message;
    EXPECT_NE(message.find("churn.yaml:7:"), std::string::npos) << message;
  }
}

TEST(SearchSpaceConfig, RefusesImpossibleParameters) {
  for (const auto& [space, part] : std::vector<std::pair<std::string, std::string>>{
           {"    model.dropout: {}\n", "must have one of"},
           {"    model.dropout: { uniform: [0, 0.5], choice: [0.1] }\n", "must have one of"},
           {"    model.dropout: { choice: [0.1], step: 0.1 }\n", "has a step"},
           {"    model.dropout: { uniform: [0, 0.5], step: 0.6 }\n", "has a step of 0.6"},
           {"    data.split.test: { uniform: [0.1, 0.5] }\n", "cannot be searched"},
           {"    model.dropout: { uniform: [0, 0.5], when: { model.skip: true } }\n", "no parameter"},
           {"    model.skip: { choice: [true] }\n"
            "    model.dropout: { uniform: [0, 0.5], when: { model.skip: false } }\n",
            "never is"},
           {"    model.skip: { choice: [true], when: { model.dropout: 0.1 } }\n"
            "    model.dropout: { choice: [0.1], when: { model.skip: true } }\n",
            "depends on itself"}}) {
    const std::string message = refusal(with_space(space));
    EXPECT_NE(message.find(part), std::string::npos) << message;
    EXPECT_NE(message.find("churn.yaml:"), std::string::npos) << message;
    EXPECT_EQ(topic_of(with_space(space)), Topic::kSearchSpace) << message;
  }
  EXPECT_NE(refusal(with_space("    model.dropout: { uniform: [0.5, 0] }\n")).find("low not above high"),
            std::string::npos);
  EXPECT_NE(refusal(with_space("    training.learning_rate: { loguniform: [0, 1] }\n")).find("above 0"),
            std::string::npos);
}

TEST(SearchSpaceConfig, ASpaceMayBeGivenOnTheCommandLine) {
  const auto config =
      parse_config(minimal_yaml(), "churn.yaml", {"tuning.space.\"model.dropout\"={ uniform: [0, 0.5] }"});
  EXPECT_EQ(config.tuning.space.count("model.dropout"), 1U);
}

}  // namespace
}  // namespace millrace
