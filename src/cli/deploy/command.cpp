// millrace deploy ACTION: what an endpoint answers with, by hand. (Without an action: the pipeline's stage.)
#include "cli/deploy/actions.hpp"

namespace millrace {

std::vector<Command> deploy_actions() {
  return {deploy_status_action(), deploy_promote_action(), deploy_rollback_action(),
          deploy_pause_action(),  deploy_resume_action(),  deploy_abtest_action()};
}

po::options_description endpoint_options() {
  po::options_description options = workspace_options();
  options.add_options()("endpoint", po::value<std::string>(), "as in deploy/ENDPOINT of the workspace");
  return options;
}

}  // namespace millrace
