// What YAML offers beside maps, lists and scalars, and files that are no YAML.
#include <fmt/core.h>

#include "config/support.hpp"

namespace millrace {
namespace {

using testing::minimal_yaml;
using testing::refusal;

Json read(const std::string& yaml) {
  return config_to_json(parse_config(yaml, "churn.yaml"));
}

TEST(Yaml, AnAliasIsTheWholeValueOfItsAnchor) {
  const std::string aliased = minimal_yaml(
      "validation: { required: &both [a, b] }\ntraining: { seed: &n 3, epochs: *n }\n"
      "model: { hidden: [*n, *n] }\n");
  const std::string written = minimal_yaml(
      "validation: { required: [a, b] }\ntraining: { seed: 3, epochs: 3 }\n"
      "model: { hidden: [3, 3] }\n");
  EXPECT_EQ(read(aliased), read(written));
  EXPECT_TRUE(
      refusal(minimal_yaml("training: { seed: &n x }\nmodel: { hidden: *n }\n")).starts_with("churn.yaml:5:"))
      << "a mistake is at the anchor";
  EXPECT_NE(refusal(minimal_yaml("model: *none\n")).find("no valid YAML"), std::string::npos);
}

TEST(Yaml, MapsAreNotMerged) {
  const std::string yaml = "features: { numeric: &n { bins: 2 }, columns: { age: { <<: *n } } }\n";
  EXPECT_TRUE(refusal(minimal_yaml(yaml)).starts_with("churn.yaml:5:56: maps are not merged ('<<')"))
      << refusal(minimal_yaml(yaml));
  EXPECT_EQ(refusal(minimal_yaml("  types: { \"<<\": text }\n")), "accepted") << "in quotes it is a name";
}

TEST(Yaml, AliasesMultiplyOnlySoFar) {
  std::string bomb = "a0: &a0 [1, 1]\n";
  for (int i = 1; i < 40; ++i) bomb += fmt::format("a{0}: &a{0} [*a{1}, *a{1}]\n", i, i - 1);
  EXPECT_NE(refusal(minimal_yaml(bomb)).find("nested too deeply or too large"), std::string::npos);
  EXPECT_NE(refusal(minimal_yaml("model: &a { hidden: [*a] }\n")), "accepted");
}

TEST(Yaml, EnormousNestingIsRefused) {
  for (const char* open : {"[", "{", "{a: ", "- ", "? ", "[[{a: "}) {
    std::string text;
    for (int i = 0; i < 20000; ++i) text += open;
    EXPECT_TRUE(refusal(minimal_yaml("x:\n  " + text)).starts_with("churn.yaml:")) << open;
  }
}

TEST(Yaml, ABracketThatClosesNothingIsNamed) {
  for (const char* line :
       {"]", "}", "model: { hidden: [1]] }", "model: [1]]", "model: {}}", "a: \"b\"]]]c"}) {
    EXPECT_TRUE(refusal(minimal_yaml(line)).starts_with("churn.yaml:5:"))
        << line << refusal(minimal_yaml(line));
  }
  EXPECT_NE(refusal(minimal_yaml("model: {}\n---\nmodel: {}")).find("churn.yaml:6:1: a second document"),
            std::string::npos);
  EXPECT_TRUE(refusal(minimal_yaml(), {"model={}}"}).starts_with("--set model: "));
}

TEST(Yaml, OnlyTextInUtf8IsRead) {
  const std::string nul = std::string("model: {}\n") + '\0' + "training: {}\n";
  EXPECT_EQ(refusal(minimal_yaml(nul)),
            "churn.yaml:6:1: '\\x00' is a control character; a configuration is a text in UTF-8");
  EXPECT_EQ(refusal(minimal_yaml("workspace: ä\xe4\n")),
            "churn.yaml:5:13: '\\xe4' is no UTF-8; a configuration is a text in UTF-8");
  EXPECT_TRUE(refusal(std::string("\xff\xfen\0a\0", 6)).starts_with("churn.yaml:1:1: '\\xff' is no UTF-8"));
  EXPECT_TRUE(
      refusal(minimal_yaml(), {"name=\x04"}).starts_with("--set name: '\\x04' is a control character"));
}

TEST(Yaml, LineEndsAndByteOrderMarksDoNotMatter) {
  std::string windows = "\xef\xbb\xbf";
  for (const char c : minimal_yaml("training: { epochs: 7 }\n"))
    windows += c == '\n' ? "\r\n" : std::string(1, c);
  EXPECT_EQ(read(windows), read(minimal_yaml("training: { epochs: 7 }\n")));
  EXPECT_TRUE(refusal(windows + "modle: {}\r\n").starts_with("churn.yaml:6:1: unknown key 'modle'"));
  EXPECT_NE(refusal("name: churn\rdata: { source: a, target: { column: b } }\r").find("no valid YAML"),
            std::string::npos)
      << "a lone CR ends no line";
}

TEST(Yaml, ATabThatIndentsIsNamed) {
  EXPECT_NE(refusal(minimal_yaml("model:\n\thidden: [1]\n")).find("indented with a tab; YAML wants spaces"),
            std::string::npos);
  EXPECT_EQ(refusal(minimal_yaml("model:\t{ hidden:\t[1] }\t# tabs between\n")), "accepted");
}

TEST(Yaml, AFileWithoutAnythingLacksItsKeys) {
  for (const char* text :
       {"", "\n\n", "# only\n# comments\n", "---\n", "--- # x\n...\n", "\xef\xbb\xbf", "~"}) {
    EXPECT_NE(refusal(text).find("the key name is missing"), std::string::npos) << text;
  }
}

// A secret that is written out is in no message.
TEST(Yaml, ASecretIsNoKeyAndIsNotShown) {
  for (const char* line :
       {"password: hunter2", "token: hunter2", "  secret: hunter2", "registry: { api_key: hunter2 }"}) {
    const std::string message = refusal(minimal_yaml(line));
    EXPECT_TRUE(message.starts_with("churn.yaml:5:")) << message;
    EXPECT_NE(message.find("unknown key"), std::string::npos) << message;
    EXPECT_EQ(message.find("hunter2"), std::string::npos) << message;
  }
}

}  // namespace
}  // namespace millrace
