// Inside packaging/runtimes/: what images of both kinds have in common.
#pragma once

#include <string>
#include <vector>

#include "packaging/runtimes/export.hpp"

namespace millrace {

inline constexpr const char* kBaseImage = "debian:12-slim";
inline constexpr int kServingPort = 8080;  // above 1023: the server is nobody in particular

// Debian 12's packages of the shared libraries that millrace-serve needs beyond the base. Those of the
// pipeline's are what `millrace` needs, with the programs that it calls: mpirun, ssh-keygen, Slurm's.
// tests/interoperability/runtimes.py compares both with what the executables link.
std::vector<std::string> serving_packages();
std::vector<std::string> pipeline_packages();

// The shell commands that install packages and leave nothing behind of apt's own, to be joined by "&&".
std::vector<std::string> install_commands(const std::vector<std::string>& packages);
// Those of the pipeline's first stage, in its source tree.
std::vector<std::string> build_commands();

ExportedFile artifact_file(const ExportSource& source, const std::string& path);
// The artifact and the server, as the definitions find them beside themselves.
ExportedFiles serving_context(const ExportSource& source, const std::string& server);

}  // namespace millrace
