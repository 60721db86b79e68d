#include "packaging/runtimes/images.hpp"

#include "base/file.hpp"
#include "base/text.hpp"

namespace millrace {

std::vector<std::string> serving_packages() {
  return {"libarchive13",  "libboost-program-options1.74.0",
          "libfmt9",       "libhdf5-103-1",
          "libsimdjson14", "libspdlog1.10",
          "libssl3",       "libxxhash0"};
}

std::vector<std::string> pipeline_packages() {
  std::vector<std::string> packages = serving_packages();
  packages.insert(packages.end(), {"libcurl4", "libonnx1", "libopenblas0-pthread", "libopenmpi3",
                                   "libprotobuf32", "libre2-9", "libyaml-cpp0.7", "zlib1g", "libzstd1",
                                   "ca-certificates", "openmpi-bin", "openssh-client", "slurm-client"});
  return packages;
}

std::vector<std::string> install_commands(const std::vector<std::string>& packages) {
  return {"apt-get update", "apt-get install -y --no-install-recommends " + join(packages, " "),
          "rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log"};
}

std::vector<std::string> build_commands() {
  return {"scripts/setup", "cmake --preset release -D MILLRACE_TESTS=OFF",
          "cmake --build --preset release --target millrace millrace-serve"};
}

ExportedFile artifact_file(const ExportSource& source, const std::string& path) {
  return {path, read_file(source.path)};
}

ExportedFiles serving_context(const ExportSource& source, const std::string& server) {
  return {artifact_file(source, source.file_name()), {"millrace-serve", read_file(server), true}};
}

}  // namespace millrace
