// Inside cli/: the actions of `millrace deploy`, beside the pipeline's stage of that name.
#pragma once

#include "cli/options.hpp"

namespace millrace {

Command deploy_status_action();
Command deploy_promote_action();
Command deploy_rollback_action();
Command deploy_pause_action();
Command deploy_resume_action();
Command deploy_abtest_action();

// --endpoint, the first argument.
po::options_description endpoint_options();

}  // namespace millrace
