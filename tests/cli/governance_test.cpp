// Governance as two people do it, through the executable: docs/registry.md tells the same walk.
#include <filesystem>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/workbench.hpp"
#include "support/process.hpp"

namespace millrace {
namespace {

using testing_support::ProcessResult;
using testing_support::Workbench;

class Governance : public testing::Test {
 protected:
  void SetUp() override {
    bench_.make_data(2, 200);
    bench_.write("pipeline.yaml", Workbench::configuration());
  }

  ProcessResult registry(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "registry");
    return bench_.millrace(arguments);
  }
  std::string succeed(const std::vector<std::string>& arguments) {
    const ProcessResult result = bench_.millrace(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  }
  void expect_refusal(const std::vector<std::string>& arguments, ExitCode code, const std::string& part) {
    const ProcessResult result = bench_.millrace(arguments);
    EXPECT_EQ(result.exit_code, static_cast<int>(code)) << result.out << result.err;
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
  }

  std::string make_key(const std::string& person) {
    const auto made = testing_support::run_process(
        {"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", bench_.path(person)});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    return person + "@lab namespaces=\"millrace\" " + read_file(bench_.path(person + ".pub"));
  }
  // What `init-policy` writes, with anna and bert put in.
  void make_policy() {
    succeed({"init-policy", "policy"});
    std::string policy = read_file(bench_.path("policy/policy.yaml"));
    for (const char* person : {"anna", "bert"}) {
      const std::string example = std::string(person) + "@example.org";
      policy.replace(policy.find(example), example.size(), std::string(person) + "@lab");
    }
    bench_.write("policy/policy.yaml", policy);
    bench_.write("policy/allowed_signers", make_key("anna") + make_key("bert"));
    succeed({"registry", "policy", "policy/policy.yaml"});
  }
  std::vector<std::string> approve(const std::string& person, const std::string& role) {
    return {"registry", "approve", "test/1", "--stage",          "Production",
            "--role",   role,      "--key",  bench_.path(person)};
  }
  bool is_deployed() { return std::filesystem::exists(bench_.path("workspace/deploy/test/state.json")); }

  Workbench bench_;
};

TEST_F(Governance, AModelWaitsForTwoSignOffsAndIsDeployedThen) {
  make_policy();
  expect_refusal({"run", "pipeline.yaml", "--quiet"}, ExitCode::kGateNotPassed, "test/1 is not deployed");
  EXPECT_EQ(bench_.latest_run()["status"], "waiting");
  EXPECT_FALSE(is_deployed());
  expect_refusal({"registry", "promote", "test/1", "--stage", "Production"}, ExitCode::kGateNotPassed,
                 "nobody has approved it as data-scientist, nor as compliance");
  EXPECT_NE(succeed(approve("anna", "data-scientist")).find("nobody has approved it as compliance"),
            std::string::npos);
  expect_refusal(approve("anna", "compliance"), ExitCode::kUsage, "anna@lab is not one of");
  // Bert signs on a machine of his own, with ssh-keygen alone.
  bench_.write("statement.json",
               succeed({"registry", "statement", "test/1", "--stage", "Production", "--role", "compliance"}));
  const auto signed_there =
      testing_support::run_process({"ssh-keygen", "-Y", "sign", "-n", "millrace", "-f", bench_.path("bert"),
                                    bench_.path("statement.json")});
  ASSERT_EQ(signed_there.exit_code, 0) << signed_there.err;
  const std::string said = succeed({"registry", "approve", "--statement", "statement.json"});
  EXPECT_NE(said.find("deployed: endpoint test"), std::string::npos) << said;
  EXPECT_TRUE(is_deployed());
  const Json shown = Json::parse(succeed({"registry", "show", "test@champion", "--json"}));
  EXPECT_EQ(shown["stage"], "Production");
  EXPECT_EQ(shown["sign_offs"].size(), 2U);
  EXPECT_NE(succeed({"registry", "show", "test/1"}).find("approved by bert@lab as compliance"),
            std::string::npos);
  EXPECT_NE(succeed({"registry", "history", "test"}).find("None → Production"), std::string::npos);
  EXPECT_NE(succeed({"registry", "verify", "--deep"}).find("2 sign-offs"), std::string::npos);
}

TEST_F(Governance, ARejectionStandsUntilItIsWithdrawn) {
  make_policy();
  succeed({"package", "pipeline.yaml", "--quiet"});
  succeed(approve("anna", "data-scientist"));
  auto words = approve("bert", "compliance");
  words[1] = "reject";
  words.insert(words.end(), {"--comment", "not on Fridays", "--json"});
  const Json rejection = Json::parse(succeed(words));
  expect_refusal({"registry", "promote", "test/1", "--stage", "Production"}, ExitCode::kGateNotPassed,
                 "bert@lab has rejected it as compliance");
  succeed(
      {"registry", "withdraw", std::to_string(rejection["entry"].get<int>()), "--key", bench_.path("bert")});
  auto held = approve("bert", "compliance");
  held.emplace_back("--hold");
  succeed(held);
  succeed({"registry", "promote", "test/1", "--stage", "Production"});
  expect_refusal({"registry", "promote", "test/1", "--stage", "Staging"}, ExitCode::kUsage,
                 "millrace registry demote");
  succeed({"registry", "demote", "test/1", "--stage", "Archived"});
}

TEST_F(Governance, ASignOffCanBeCheckedWithSshKeygenAlone) {
  make_policy();
  expect_refusal({"run", "pipeline.yaml", "--quiet"}, ExitCode::kGateNotPassed, "test/1 is not deployed");
  const Json said = Json::parse(succeed([&] {
    auto words = approve("anna", "data-scientist");
    words.emplace_back("--json");
    return words;
  }()));
  bench_.write("said", said["statement"].get<std::string>());
  bench_.write("said.sig", said["signature"].get<std::string>());
  const auto checked = testing_support::run_process(
      {"sh", "-c",
       "ssh-keygen -Y verify -f policy/allowed_signers -I anna@lab -n millrace -s said.sig <said"},
      bench_.folder());
  EXPECT_EQ(checked.exit_code, 0) << checked.err;
}

TEST_F(Governance, ASignedHeadShowsThatTheEndWasCutOff) {
  make_policy();
  succeed({"package", "pipeline.yaml", "--quiet"});
  succeed({"registry", "head", "--to", "head.json", "--key", bench_.path("bert")});
  succeed({"registry", "verify", "--head", "head.json"});
  std::filesystem::remove(bench_.path("workspace/registry/000000003.json"));
  succeed({"registry", "verify"});
  const ProcessResult cut = registry({"verify", "--head", "head.json"});
  EXPECT_EQ(cut.exit_code, static_cast<int>(ExitCode::kResource));
  EXPECT_NE(cut.out.find("it had 3 entries"), std::string::npos) << cut.out;
  EXPECT_NE(cut.out.find("says bert@lab"), std::string::npos) << cut.out;
}

TEST_F(Governance, ARegistryGoesOnElsewhere) {
  succeed({"package", "pipeline.yaml", "--quiet"});
  succeed({"registry", "export", "registry.tar.zst", "--artifacts"});
  succeed({"registry", "import", "registry.tar.zst", "--workspace", "copy"});
  EXPECT_EQ(succeed({"registry", "list", "--workspace", "copy"}), succeed({"registry", "list"}));
  const Json shown = Json::parse(succeed({"registry", "show", "test", "--workspace", "copy", "--json"}));
  EXPECT_EQ(shown["details"]["records"].size(), 3U);
  EXPECT_NE(succeed({"registry", "search", "environment.ranks = 1 and params.training.epochs > 0",
                     "--workspace", "copy"})
                .find("test/1"),
            std::string::npos);
  EXPECT_NE(succeed({"registry", "gc", "--workspace", "copy", "--grace-hours", "0"}).find("0 records"),
            std::string::npos);
}

TEST_F(Governance, AnAlteredEntryIsFoundAndNamed) {
  succeed({"package", "pipeline.yaml", "--quiet"});
  const std::string entry = bench_.path("workspace/registry/000000001.json");
  std::string text = read_file(entry);
  text.replace(text.find("\"version\":1"), 11, "\"version\":2");
  std::filesystem::permissions(entry, std::filesystem::perms::owner_all);
  bench_.write("workspace/registry/000000001.json", text);
  const ProcessResult checked = registry({"verify"});
  EXPECT_EQ(checked.exit_code, static_cast<int>(ExitCode::kResource));
  EXPECT_NE(checked.out.find("000000001.json"), std::string::npos) << checked.out;
}

TEST_F(Governance, LineageLeadsBothWays) {
  succeed({"package", "pipeline.yaml", "--quiet"});
  const Json made_of = Json::parse(succeed({"registry", "lineage", "test", "--json"}))["made_of"];
  std::vector<std::string> sources;
  for (const Json& step : made_of) {
    if (step["kind"] == "source") sources.push_back(step["name"]);
    const std::string what = step["name"] != "" ? step["name"] : step["digest"];
    EXPECT_EQ(Json::parse(succeed({"registry", "lineage", "--from", what, "--json"})),
              Json::array({"test/1"}))
        << what;
  }
  EXPECT_EQ(sources.size(), 2U);
  EXPECT_EQ(Json::parse(succeed({"registry", "lineage", "--from", "data/none.csv", "--json"})),
            Json::array());
  EXPECT_NE(succeed({"registry", "lineage", "test"}).find("└─ source"), std::string::npos);
}

TEST_F(Governance, VersionsAreFoundAndCompared) {
  succeed({"package", "pipeline.yaml", "--quiet"});
  succeed(
      {"package", "pipeline.yaml", "--quiet", "--set", "model.hidden=[4]", "--set", "evaluation.gate=false"});
  succeed({"registry", "tag", "test/2", "team=crm"});
  succeed({"registry", "describe", "test/2", "a smaller one"});
  const Json found =
      Json::parse(succeed({"registry", "search", "tags.team = 'crm' and metrics.test.auc > 0", "--json"}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]["description"], "a smaller one");
  EXPECT_NE(succeed({"registry", "compare", "test/1", "test/2", "--csv"}).find("\"params.model.hidden\","),
            std::string::npos);
  expect_refusal({"registry", "search", "auc >"}, ExitCode::kUsage, "stops making sense at its end");
}

TEST_F(Governance, WithoutAPolicyNobodyIsBothered) {
  succeed({"run", "pipeline.yaml", "--quiet"});
  EXPECT_TRUE(is_deployed());
  EXPECT_NE(succeed({"registry", "show", "test"}).find("none: stages are not guarded"), std::string::npos);
  (void)make_key("anna");
  expect_refusal(approve("anna", "compliance"), ExitCode::kUsage,
                 "there is none, so nothing takes a sign-off");
}

}  // namespace
}  // namespace millrace
