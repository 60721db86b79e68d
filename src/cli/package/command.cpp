// millrace package ACTION: artifacts as files. (Without an action: the pipeline up to its package stage.)
#include "cli/package/actions.hpp"

namespace millrace {

std::vector<Command> package_actions() {
  return {package_build_action(), package_inspect_action(), package_verify_action(), package_extract_action(),
          package_export_action()};
}

po::options_description artifact_options() {
  po::options_description options = workspace_options();
  options.add_options()("artifact", po::value<std::string>(), "a file, MODEL/VERSION or MODEL@ALIAS");
  return options;
}

ArtifactReference artifact_argument(const Command& self, const po::variables_map& values) {
  return find_artifact(required_text(self, values, "artifact"), workspace_of(values));
}

}  // namespace millrace
