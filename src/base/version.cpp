#include "base/version.hpp"

#include "version_generated.hpp"

namespace millrace {

std::string project_version() {
  return kProjectVersion;
}

std::string code_version() {
  const std::string commit = kCommit;
  return commit.empty() ? project_version() : project_version() + "+" + commit;
}

std::string compiler() {
  return kCompiler;
}

std::string build_type() {
  return kBuildType;
}

}  // namespace millrace
