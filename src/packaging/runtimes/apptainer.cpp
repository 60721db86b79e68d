// Apptainer's definitions: https://apptainer.org/docs/user/main/definition_files.html
#include <fmt/format.h>

#include "base/text.hpp"
#include "packaging/runtimes/images.hpp"

namespace millrace {

namespace {

// Lines of a section; the shell that runs them ends at the first that fails.
std::string lines(const std::vector<std::string>& commands) {
  return "    set -e\n    " + join(commands, "\n    ");
}

std::string apptainer_serving(const ExportSource& source) {
  return fmt::format(R"(# Serves {0}. In this folder: apptainer build {1}.sif serve.def
Bootstrap: docker
From: {2}

%files
    millrace-serve /usr/local/bin/millrace-serve
    {3} /model/{3}

%post
{4}

%labels
    Version {0}
    Artifact {5}

%test
    millrace-serve --version

%runscript
    exec millrace-serve --artifact /model/{3} "$@"

%startscript
    exec millrace-serve --artifact /model/{3} "$@"

%help
    Answers prediction requests for {0}: apptainer run {1}.sif --port {6}
)",
                     source.name(), source.model, kBaseImage, source.file_name(),
                     lines(install_commands(serving_packages())), source.digest, kServingPort);
}

std::string apptainer_pipeline() {
  return fmt::format(
      R"(# The pipeline, built from source. In Millrace's source tree: apptainer build millrace.sif THIS_FILE
Bootstrap: docker
From: {0}
Stage: build

%files
    CMakeLists.txt /source/CMakeLists.txt
    CMakePresets.json /source/CMakePresets.json
    cmake /source/cmake
    scripts /source/scripts
    kernels /source/kernels
    benchmarks /source/benchmarks
    src /source/src

%post
    cd /source
{1}

Bootstrap: docker
From: {0}
Stage: final

%files from build
    /source/build/release/bin/millrace /usr/local/bin/millrace
    /source/build/release/bin/millrace-serve /usr/local/bin/millrace-serve

%post
{2}

%test
    millrace version

%runscript
    exec millrace "$@"

%help
    The ranks are the host's: mpirun -n 4 apptainer run millrace.sif run pipeline.yaml
)",
      kBaseImage, lines(build_commands()), lines(install_commands(pipeline_packages())));
}

}  // namespace

ExportedFiles apptainer_files(const ExportSource& source, const std::string& server) {
  ExportedFiles files = serving_context(source, server);
  files.push_back({"serve.def", apptainer_serving(source)});
  files.push_back({"pipeline.def", apptainer_pipeline()});
  return files;
}

}  // namespace millrace
