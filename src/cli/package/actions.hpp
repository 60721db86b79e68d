// Inside cli/: the actions of `millrace package`, a file each, and what they have in common.
#pragma once

#include <string>

#include "cli/artifact_reference.hpp"
#include "cli/options.hpp"
#include "packaging/artifact.hpp"

namespace millrace {

Command package_build_action();
Command package_inspect_action();
Command package_verify_action();
Command package_extract_action();
Command package_export_action();

// --artifact, the first argument: a file, or a version of the workspace's registry.
po::options_description artifact_options();
ArtifactReference artifact_argument(const Command& self, const po::variables_map& values);

}  // namespace millrace
