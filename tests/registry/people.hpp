// People with ssh keys of their own, and a policy about them.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "base/child_process.hpp"
#include "base/file.hpp"
#include "registry/registry.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {

class People {
 public:
  // A line for allowed_signers; `options` such as valid-before="20200101Z".
  std::string add(const std::string& person, const std::string& options = "") {
    const int code =
        run_child({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", person, "-f", key(person)},
                  {"/dev/null", "/dev/null"}, 20);
    EXPECT_EQ(code, 0) << "ssh-keygen";
    const std::string rules = options.empty() ? "" : "," + options;
    return person + " namespaces=\"millrace\"" + rules + " " + read_file(key(person) + ".pub");
  }
  [[nodiscard]] std::string key(const std::string& person) const { return folder_ / person; }

 private:
  testing_support::TemporaryFolder folder_;
};

// A registry with churn/1 and churn/2, both packaged, and a policy that guards Production: anna is a data
// scientist, bert has both roles, carl is compliance.
struct GuardedRegistry {
  People people;
  testing_support::TemporaryFolder folder;
  Registry registry{folder / "registry"};
  Policy policy;

  GuardedRegistry() {
    for (int version = 1; version <= 2; ++version) {
      (void)registry.register_version("churn", {{"run", std::to_string(version)}});
      registry.record_artifact("churn", static_cast<std::uint64_t>(version),
                               digest_of("artifact " + std::to_string(version)));
    }
    for (const char* person : {"anna@lab", "bert@lab", "carl@lab"})
      policy.allowed_signers += people.add(person);
    policy.stages = {{"Staging", {}}, {"Production", {"data-scientist", "compliance"}}};
    policy.roles = {{"data-scientist", {"anna@lab", "bert@lab"}}, {"compliance", {"bert@lab", "carl@lab"}}};
    policy.changes = {"compliance"};
    registry.set_policy(policy);
  }

  [[nodiscard]] Statement about(std::uint64_t version, const std::string& role,
                                Vote vote = Vote::kApprove) const {
    Statement statement;
    statement.vote = vote;
    statement.model = "churn";
    statement.version = version;
    statement.stage = "Production";
    statement.role = role;
    return as_of(registry.state(), statement);
  }
  SignOff record(const std::string& person, const Statement& statement) {
    const std::string text = to_text(statement);
    return registry.record_sign_off(text, sign(text, people.key(person), kSignOffSignature));
  }
  SignOff approve(const std::string& person, const std::string& role, std::uint64_t version = 1) {
    return record(person, about(version, role));
  }
};

}  // namespace millrace
