#include "config/support.hpp"

namespace millrace {
namespace {

using testing::minimal_yaml;
using testing::refusal;

struct Case {
  const char* more;     // beginning at line 5, inside data
  const char* place;    // the beginning of the message
  const char* content;  // what it must say
};

TEST(ConfigErrors, NameThePlaceAndTheWayOut) {
  const std::vector<Case> cases{
      // Unknown keys.
      {"trainig: { epochs: 3 }",
       "churn.yaml:5:1: ", "unknown key 'trainig' in the configuration (did you mean 'training'?)"},
      {"training: { epoch: 3 }",
       "churn.yaml:5:13: ", "unknown key 'epoch' in training (did you mean 'epochs'?)"},
      {"target: { column: x }", "churn.yaml:5:1: ", "belongs under 'data'"},
      {"early_stopping: false", "churn.yaml:5:1: ", "belongs under 'training'"},
      {"registry: { zzzzzzz: 1 }", "churn.yaml:5:13: ", "it takes model"},
      {"features: { columns: { age: { bin: 4 } } }",
       "churn.yaml:5:31: ", "in features.columns.age (did you mean 'bins'?)"},
      {"validation: { expect: [ { column: a, unqiue: true } ] }",
       "churn.yaml:5:38: ", "validation.expect[0] (did you mean 'unique'?)"},
      // Wrong types.
      {"training: { epochs: many }",
       "churn.yaml:5:21: ", "training.epochs must be an integer, at least 1, not 'many'"},
      {"training: { epochs: 1.5 }", "churn.yaml:5:21: ", "an integer"},
      {"training: { epochs: 1e3 }", "churn.yaml:5:21: ", "an integer"},
      {"training: { epochs: \"10\" }", "churn.yaml:5:22: ", "not the text '10'"},
      {"training: { epochs: [1] }", "churn.yaml:5:21: ", "not a list"},
      {"training: { epochs: }", "churn.yaml:5:13: ", "not nothing"},
      {"training: { deterministic: yes }", "churn.yaml:5:28: ", "must be true or false, not 'yes'"},
      {"training: 5", "churn.yaml:5:11: ", "training must be a map of keys"},
      {"training: { early_stopping: 5 }", "churn.yaml:5:29: ", "a map of keys"},
      {"validation: { expect: { column: a } }", "churn.yaml:5:23: ", "a list of maps"},
      {"validation: { expect: [ a ] }", "churn.yaml:5:25: ", "validation.expect[0] must be a map"},
      {"features: { columns: [ a ] }", "churn.yaml:5:22: ", "a map from names"},
      {"model: { hidden: [8, x] }", "churn.yaml:5:22: ", "model.hidden must be an integer"},
      {"  types: [ integer ]", "churn.yaml:5:10: ", "a map from names"},
      {"  missing: [ null, NA ]", "churn.yaml:5:14: ", "a text 'null' needs quotes"},
      {"name2: !env x", "churn.yaml:5:8: ", "the tag '!env' has no meaning here"},
      // Impossible values.
      {"training: { epochs: -5 }", "churn.yaml:5:21: ", "at least 1, not '-5'"},
      {"training: { epochs: 0 }", "churn.yaml:5:21: ", "at least 1, not '0'"},
      {"training: { epochs: 4294967296 }", "churn.yaml:5:21: ", "an integer"},
      {"training: { learning_rate: 0 }", "churn.yaml:5:28: ", "a number, above 0, not '0'"},
      {"training: { learning_rate: .inf }", "churn.yaml:5:28: ", "a number"},
      {"training: { learning_rate: nan }", "churn.yaml:5:28: ", "a number"},
      {"training: { learning_rate: +-1 }", "churn.yaml:5:28: ", "a number"},
      {"training: { warmup: 1.5 }", "churn.yaml:5:21: ", "from 0 to 1, not '1.5'"},
      {"training: { device: cdua }",
       "churn.yaml:5:21: ", "one of auto, cpu, cuda, not 'cdua' (did you mean 'cuda'?)"},
      {"model: { dropout: 1 }", "churn.yaml:5:19: ", "from 0 to below 1, not '1'"},
      {"model: { hidden: [0] }", "churn.yaml:5:19: ", "from 1 to 65536"},
      {"  split: { test: 1.0 }", "churn.yaml:5:18: ", "from 0 to below 1"},
      {"  split: { test: \"\" }", "churn.yaml:5:19: ", "a share"},
      {"  types: { age: integr }", "churn.yaml:5:17: ", "data.types.age must be one of"},
      {"  delimiter: tab", "churn.yaml:5:14: ", "one character"},
      {"  max_rejected_share: 2", "churn.yaml:5:23: ", "from 0 to 1"},
      {"  max_rejected: { cast: -0.1 }", "churn.yaml:5:25: ", "a number, from 0 to 1"},
      {"  max_rejected: { encodings: 0 }", "churn.yaml:5:19: ", "(did you mean 'encoding'?)"},
      {"evaluation: { gate: { metric: acu } }", "churn.yaml:5:31: ", "(did you mean 'auc'?)"},
      {"validation: { missing: { action: stop } }", "churn.yaml:5:34: ", "one of warn, reject, ignore"},
      {"validation: { expect: [ { column: a, between: [3, 1] } ] }",
       "churn.yaml:5:48: ", "low not above high"},
      {"validation: { expect: [ { column: a, between: [1] } ] }", "churn.yaml:5:47: ", "a list [low, high]"},
      {"features: { numeric: { clip: [0, 2] } }", "churn.yaml:5:34: ", "from 0 to 1"},
      {"deployment: { endpoint: a b }", "churn.yaml:5:25: ", "a name of letters"},
      {"deployment: { endpoint: ../x }", "churn.yaml:5:25: ", "a name of letters"},
      {"workspace: ''", "churn.yaml:5:13: ", "not empty"},
      // Several keys at a time.
      {"  header: false", "churn.yaml:5:11: ", "need data.names"},
      {"  names: [a]", "churn.yaml:5:10: ", "header"},
      {"  header: false\n  names: [a, a]", "churn.yaml:6:10: ", "twice"},
      {"  delimiter: '\"'", "churn.yaml:5:15: ", "must differ"},
      {"  drop: [Churn]", "churn.yaml:5:10: ", "is the target"},
      {"  block_bytes: 1000", "churn.yaml:5:16: ", "multiple"},
      {"validation: { expect: [ { column: a } ] }", "churn.yaml:5:35: ", "nothing is expected of 'a'"},
      {"validation: { expect: [ { unique: true } ] }",
       "churn.yaml:5:25: ", "validation.expect[0].column is missing"},
      {"validation: { rows: { min: 5, max: 4 } }", "churn.yaml:5:", "rows.min must not be above"},
      {"evaluation: { gate: { min: 0.9, max: 0.8 } }", "churn.yaml:5:", "gate.min must not be above"},
      // YAML itself.
      {"model: { skip: true", "churn.yaml:", "this is no valid YAML"},
      {"model: {}\nmodel: {}", "churn.yaml:6:1: ", "'model' is here a second time; the first is at line 5"},
      {"model: { skip: true, skip: false }", "churn.yaml:5:22: ", "second time"},
      {"? [a]\n: 1", "churn.yaml:5:3: ", "a key must be a plain text"},
      {"---\nname: b", "churn.yaml:", "second document"},
      {"model: &a { hidden: *a }", "churn.yaml:", ""},
  };
  for (const Case& each : cases) {
    const std::string message = refusal(minimal_yaml(each.more));
    EXPECT_TRUE(message.starts_with(each.place)) << each.more << "\n  → " << message;
    EXPECT_NE(message.find(each.content), std::string::npos) << each.more << "\n  → " << message;
  }
}

TEST(ConfigErrors, RequiredKeys) {
  EXPECT_EQ(refusal(""),
            "churn.yaml:1:1: the key name is missing (Name of the pipeline, its data sets and model)");
  EXPECT_NE(refusal("nmae: x").find("unknown key 'nmae' in the configuration (did you mean 'name'?)"),
            std::string::npos);
  EXPECT_NE(refusal("name: x").find("churn.yaml:1:1: the key data.source is missing"), std::string::npos);
  EXPECT_NE(
      refusal("name: x\ndata: { source: a }").find("churn.yaml:2:7: the key data.target.column is missing"),
      std::string::npos);
  EXPECT_NE(
      refusal("name: x\ndata: { source: a, target: {} }").find("churn.yaml:2:28: the key data.target.column"),
      std::string::npos);
  EXPECT_NE(
      refusal("name: x\ndata: { source: [], target: { column: y } }").find("churn.yaml:2:17: data.source"),
      std::string::npos);
  EXPECT_NE(refusal("name: ''").find("name must be a name"), std::string::npos);
  EXPECT_NE(refusal("[1, 2]").find("churn.yaml:1:1: the configuration must be a map of keys"),
            std::string::npos);
}

TEST(ConfigErrors, EveryBrokenPrefixIsRefusedWithAPlaceOrAccepted) {
  const std::string yaml = minimal_yaml(
      "  split: { test: \"row_index % 5 == 4\", validation: 0.1 }\n"
      "model: { hidden: [64, 32] }\n");
  for (std::size_t length = 0; length < yaml.size(); ++length) {
    const std::string message = refusal(yaml.substr(0, length));
    EXPECT_TRUE(message == "accepted" || message.starts_with("churn.yaml:")) << length << ": " << message;
  }
}

TEST(ConfigErrors, DeepNestingIsRefused) {
  EXPECT_TRUE(refusal(minimal_yaml("x: " + std::string(100, '[') + std::string(100, ']')))
                  .starts_with("churn.yaml:5:"));
  EXPECT_TRUE(refusal(minimal_yaml("x: " + std::string(100000, '['))).starts_with("churn.yaml:5:"));
}

}  // namespace
}  // namespace millrace
