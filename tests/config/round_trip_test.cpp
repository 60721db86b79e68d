#include "base/random.hpp"
#include "config/support.hpp"

namespace millrace {
namespace {

using testing::minimal_yaml;

// Random values for a configuration, texts full of what YAML and substitution give a meaning.
class RandomConfig {
 public:
  explicit RandomConfig(std::uint64_t seed) : random_(seed) {}

  PipelineConfig make() {
    PipelineConfig config;
    config.name = "a-1.b_c";
    config.workspace = "/" + text();
    for (int i = 0; i < 2; ++i) config.data.source.push_back({"/" + text(), {}});
    config.data.target = {{text(), {}}, texts(), coin() ? "" : "regression"};
    config.data.types = {{text(), {"integer", {}}}, {text(), {"text", {}}}};
    config.data.missing = texts();
    if (coin()) config.data.filter = SourceText{text(), {}};
    if (coin()) config.data.split.test.expression = SourceText{text(), {}};
    config.data.split.test.share = config.data.split.test.expression ? 0 : random_.uniform();
    config.data.split.key = text();
    config.data.max_rejected_share = random_.uniform();
    if (coin()) config.data.max_rejected.cast = random_.uniform();
    if (coin()) config.data.max_rejected.line_size = 0;
    config.validation.required = texts();
    for (int i = 0; i < 3; ++i) config.validation.expect.push_back(expectation());
    config.features.numeric.log1p = coin();
    if (coin()) config.features.numeric.clip = {0.25, 0.5 + random_.uniform() / 2};
    const std::string long_name(1 + 2000 * random_.below(2), 'n');
    config.data.types[long_name] = {"integer", {}};
    config.features.columns[long_name + text()] = {"numeric", config.features.numeric,
                                                   config.features.categorical};
    config.features.columns[text()].categorical.min_count = 1 + static_cast<std::uint32_t>(random_.below(9));
    config.model.hidden.resize(random_.below(4), 7);
    config.training.seed = random_.next_u64();
    config.training.learning_rate = std::exp(random_.normal() * 20);
    if (coin()) config.training.early_stopping.reset();
    if (coin()) config.evaluation.gate.reset();
    return config;
  }

 private:
  bool coin() { return random_.below(2) == 1; }
  std::string text() {
    static const std::vector<std::string> kPieces{
        "a", "B", "null", "true", "1", "0.5", " ", "'", "\"", "\\",   ":", ": ", "#", "-", "${",
        "$", "}", "\n",   "\t",   "ü", "😀",   "{", "[", "@",  "\x01", "~", "\r", "`", "é", "\x7f"};
    std::string result = random_.below(4) == 0 ? "" : "x";
    for (auto n = 1 + random_.below(5); n > 0; --n) result += kPieces[random_.below(kPieces.size())];
    return result;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> result(random_.below(4));
    for (std::string& each : result) each = text();
    return result;
  }
  Expectation expectation() {
    Expectation result;
    result.column.text = text();
    if (coin()) result.type = SourceText{"real", {}};
    if (coin()) result.max_missing = random_.uniform();
    if (coin()) result.between = {std::nullopt, random_.normal()};
    if (coin()) result.in_set = texts();
    if (coin()) result.regex = SourceText{text(), {}};
    result.unique = true;
    result.action = static_cast<Action>(random_.below(3));
    return result;
  }

  CounterRandom random_;
};

TEST(RoundTrip, ResolvedYamlReadsBackToTheSameConfiguration) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const PipelineConfig config = RandomConfig(seed).make();
    const std::string yaml = config_to_yaml(config);
    ASSERT_NO_THROW({
      const PipelineConfig again = parse_config(yaml, "resolved.yaml");
      EXPECT_EQ(canonical_json(config_to_json(again)), canonical_json(config_to_json(config))) << yaml;
    }) << yaml;
  }
}

TEST(RoundTrip, JsonHasTheShapeOfTheFile) {
  const Json json = config_to_json(
      parse_config(minimal_yaml("  split: { test: \"a > 1\" }\ntraining: { early_stopping: false }\n"), "c"));
  EXPECT_EQ(json["data"]["split"]["test"], "a > 1");
  EXPECT_EQ(json["data"]["split"]["validation"], 0.1);
  EXPECT_EQ(json["training"]["early_stopping"], false);
  EXPECT_EQ(json["data"]["source"], Json::array({"rows.csv"}));
  EXPECT_EQ(json["validation"]["missing"]["action"], "reject");
  EXPECT_EQ(json["data"]["filter"], nullptr);
  // The whole file as JSON is YAML, too.
  EXPECT_EQ(config_to_json(parse_config(json.dump(), "c")), json);
}

}  // namespace
}  // namespace millrace
