// millrace init-policy: the usual policy, to be filled with people.
#include <filesystem>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/topics.hpp"
#include "cli/options.hpp"

namespace millrace {

namespace {

constexpr const char* kPolicy =
    R"(# Who must sign before a model goes up. `millrace registry policy FILE` makes it the registry's policy; from
# then on another policy takes the approvals named under `changes`.
stages:
  - { name: Staging, approvals: [data-scientist, compliance] }
  - { name: Production, approvals: [data-scientist, compliance] }
roles:
  # Names as in the file of keys. The same person may have both roles, and speaks in one of them at a time.
  data-scientist: { people: [anna@example.org] }
  compliance: { people: [bert@example.org] }
changes: [data-scientist, compliance]
allowed_signers: allowed_signers
)";

constexpr const char* kSigners =
    R"(# The people's public ssh keys, as ssh-keygen(1) has it under ALLOWED SIGNERS. A line each:
#   anna@example.org namespaces="millrace",valid-after="20260101Z" ssh-ed25519 AAAA...
)";

// Never over what somebody wrote.
void write_new(const std::string& path, const char* text) {
  if (!publish_exclusive(path, text))
    throw Error(Topic::kContradiction, "'{}' exists already; it is left as it is", path);
}

int run_init_policy(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options;
  options.add_options()("folder", po::value<std::string>()->default_value("policy"), "where to");
  const auto values = parse_options(self, arguments, options, {"folder"}, comm);
  if (!values) return 0;
  const std::string folder = (*values)["folder"].as<std::string>();
  make_folder(folder);
  write_new(folder + "/policy.yaml", kPolicy);
  write_new(folder + "/allowed_signers", kSigners);
  fmt::print(
      "{0}/policy.yaml and {0}/allowed_signers: put in people and their keys, then\n"
      "  millrace registry policy {0}/policy.yaml\n",
      folder);
  return 0;
}

}  // namespace

Command init_policy_command() {
  return {"init-policy",
          "[FOLDER] [options]",
          "Write the usual policy of sign-offs: two for Staging, two for Production",
          "millrace init-policy policy",
          false,
          run_init_policy};
}

}  // namespace millrace
