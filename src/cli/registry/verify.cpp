#include "registry/verify.hpp"

#include "base/file.hpp"
#include "base/topics.hpp"
#include "cli/registry/actions.hpp"
#include "registry/head.hpp"

namespace millrace {

namespace {

// Evidence that was kept elsewhere: whose it is, and whether the journal still has what it tells of. Signed
// by one of the policy's people, or of those in --signers.
void compare_with_head(const po::variables_map& values, RegistryCheck& check) {
  const std::string file = text_of(values, "head");
  const std::string text = read_file(file);
  const HeadStatement head = parse_head(text);
  const RegistryState state = registry_of(values).state();
  const std::string signers = text_of(values, "signers");
  const std::string people = !signers.empty() ? read_file(signers)
                             : state.policy   ? state.policy->allowed_signers
                                              : "";
  const bool is_signed = path_exists(file + ".sig");
  const std::string person =
      is_signed ? verify_signature(text, read_file(file + ".sig"), people, head.time, kHeadSignature) : "";
  const std::string wrong = contradiction(state, head);
  if (!wrong.empty()) check.damages.push_back(wrong + (is_signed ? ", says " + person : ", says " + file));
}

int run_registry_verify(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                                                             //
      ("deep", "compare the bytes of all objects with their names")                                 //
      ("head", po::value<std::string>(), "evidence of `registry head`; its signature is FILE.sig")  //
      ("signers", po::value<std::string>(),
       "who may have signed it: an allowed_signers file instead of the policy's");
  const auto values = parse_options(self, arguments, options, {}, comm);
  if (!values) return 0;
  RegistryCheck check = verify_registry(Workspace(workspace_of(*values)), values->count("deep") > 0);
  if (values->count("head") > 0 && check.damages.empty()) compare_with_head(*values, check);
  if (values->count("json") > 0) {
    fmt::print("{}", pretty_json({{"entries", check.entries},
                                  {"sign_offs", check.sign_offs},
                                  {"records", check.records},
                                  {"objects", check.objects},
                                  {"damages", check.damages}}));
  } else {
    fmt::print("{} entries, {} sign-offs, {} records, {} objects\n", check.entries, check.sign_offs,
               check.records, check.objects);
    for (const std::string& damage : check.damages) fmt::print("{}\n", damage);
  }
  return check.damages.empty() ? 0 : static_cast<int>(ExitCode::kResource);
}

}  // namespace

Command registry_verify_action() {
  return {"registry verify",
          "[--deep] [--head FILE] [options]",
          "Check the chain of entries, all signatures, and the objects that versions need",
          "millrace registry verify --deep",
          false,
          run_registry_verify};
}

}  // namespace millrace
