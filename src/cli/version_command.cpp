#include "base/version.hpp"
#include "cli/options.hpp"

namespace millrace {

namespace {

int run_version(const Command& self, const Arguments& arguments, const Communicator& comm) {
  if (parse_options(self, arguments, po::options_description("options"), {}, comm)) {
    fmt::print("millrace {}\n", code_version());
  }
  return 0;
}

}  // namespace

Command version_command() {
  return {"version",          "",    "The version and the commit that it was built from",
          "millrace version", false, run_version};
}

}  // namespace millrace
