#include <array>

#include "base/topics/groups.hpp"

namespace millrace {

namespace {

constexpr std::array kEntries = std::to_array<TopicEntry>({
    {Topic::kUnknownStage, ExitCode::kUsage, "unknown-stage", "A stage that models do not have",
     "no stage is called 'Producton' (did you mean 'Production'?); there are None, Staging, Production, "
     "Archived",
     "Stages are those of the registry's policy, or None, Staging, Production and Archived without one.",
     "Write the stage as it is listed."},
    {Topic::kNotApproved, ExitCode::kGateNotPassed, "not-approved", "A promotion that lacks a sign-off",
     "churn/7 cannot go to Production: nobody has approved it as compliance",
     "The registry's policy guards the stage: it takes an approval in each of its roles, each by another "
     "person, of this version with this artifact, that has not expired, been withdrawn or been used.",
     "`millrace registry show MODEL/VERSION` lists the sign-offs; `millrace registry approve` adds one."},
    {Topic::kRefusedSignOff, ExitCode::kUsage, "refused-sign-off", "A sign-off that does not count",
     "the sign-off is refused: dora@lab is not one of the policy's people in the role compliance",
     "The signature is not that of the statement, the key is nobody's or no longer valid, the person has not "
     "the "
     "role, or the statement is about another artifact or another history.",
     "`millrace registry statement` writes the statement to sign as things stand now."},
    {Topic::kOtherHistory, ExitCode::kResource, "other-history",
     "A registry's export that is not of this registry",
     "the export is of another history: entry 000000004.json is another one here; import it into a workspace "
     "of its "
     "own",
     "An import takes over what the same journal has further. Both journals have that entry, and have it "
     "differently: "
     "they were begun or went on apart.",
     "Import into another workspace: millrace registry import FILE --workspace OTHER."},
    {Topic::kPolicy, ExitCode::kUsage, "policy", "A policy that cannot be",
     "the policy is refused: the stage Production takes an approval as 'compliance', which is none of its "
     "roles",
     "The policy contradicts itself, or there is none where one is needed.",
     "`millrace init-policy` writes one to begin with."},
    {Topic::kHookRefused, ExitCode::kGateNotPassed, "hook-refused", "A hook that refuses",
     "the hook 'check-model --strict' refuses to promote churn/7, which stays as it is: ended with code 3: "
     "'no owner in the catalogue'",
     "The workspace's hooks.yaml names commands that must end with code 0 before the registry is changed. "
     "This one did not, was killed, took longer than its timeout, or could not be started. Nothing was "
     "changed.",
     "The message has the end of what the command wrote to standard error. Do what it asks for and try "
     "again; "
     "[registry.md](registry.md#hooks) has the rules."},
    {Topic::kSshKeygen, ExitCode::kResource, "ssh-keygen", "Signatures without ssh-keygen",
     "signatures need ssh-keygen, which is not installed (Debian: openssh-client)",
     "Sign-offs, and the signatures of artifacts, are made by the ssh keys that people have, and checked by "
     "OpenSSH's own program.",
     "Install openssh-client, version 8.2 or newer."},
    {Topic::kSearch, ExitCode::kUsage, "search", "A search that cannot be understood",
     "the search stops making sense at 'and' (character 12): a value is expected",
     "A search is made of conditions (`metrics.test.auc > 0.84`), `and`, `or`, `not`, parentheses, and "
     "perhaps `order by` and `limit` at its end.",
     "Put texts in single quotes; `millrace registry search --help` has an example."},
});

}  // namespace

std::span<const TopicEntry> registry_topics() {
  return kEntries;
}

}  // namespace millrace
