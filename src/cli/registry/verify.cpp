#include "registry/verify.hpp"

#include "base/topics.hpp"
#include "cli/registry/actions.hpp"

namespace millrace {

namespace {

int run(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()("deep", "compare the bytes of all objects with their names");
  const auto values = parse_options(self, arguments, options, {}, comm);
  if (!values) return 0;
  const RegistryCheck check = verify_registry(Workspace(workspace_of(*values)), values->count("deep") > 0);
  if (values->count("json") > 0) {
    fmt::print("{}", pretty_json({{"entries", check.entries},
                                  {"sign_offs", check.sign_offs},
                                  {"objects", check.objects},
                                  {"damages", check.damages}}));
  } else {
    fmt::print("{} entries, {} sign-offs, {} objects\n", check.entries, check.sign_offs, check.objects);
    for (const std::string& damage : check.damages) fmt::print("{}\n", damage);
  }
  return check.damages.empty() ? 0 : static_cast<int>(ExitCode::kResource);
}

}  // namespace

Command registry_verify_action() {
  return {"registry verify",
          "[--deep] [options]",
          "Check the chain of entries, all signatures, and the objects that versions need",
          "millrace registry verify --deep",
          false,
          run};
}

}  // namespace millrace
