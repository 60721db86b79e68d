// millrace registry head: what the journal is now, signed to be kept elsewhere.
#include "registry/head.hpp"

#include "base/publish.hpp"
#include "cli/registry/actions.hpp"

namespace millrace {

namespace {

int run_registry_head(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                                                         //
      ("to", po::value<std::string>(), "write it to this file, and its signature to FILE.sig")  //
      ("key", po::value<std::string>(), "the ssh key that signs it (a public one: the agent signs)");
  const auto values = parse_options(self, arguments, options, {}, comm);
  if (!values) return 0;
  const std::string text = to_text(head_of(registry_of(*values).state()));
  const std::string file = text_of(*values, "to");
  if (file.empty()) return fmt::print("{}", text), 0;
  const std::string signature =
      values->count("key") > 0 ? sign(text, text_of(*values, "key"), kHeadSignature) : "";
  publish_file(file, text);
  if (!signature.empty()) publish_file(file + ".sig", signature);
  return 0;
}

}  // namespace

Command registry_head_action() {
  return {"registry head",
          "[--to FILE [--key FILE]] [options]",
          "Evidence of the journal's head, to be kept elsewhere: `registry verify --head FILE` compares",
          "millrace registry head --to head-2026-11-26.json --key ~/.ssh/id_ed25519",
          false,
          run_registry_head};
}

}  // namespace millrace
