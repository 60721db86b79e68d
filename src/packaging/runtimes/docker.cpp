// Dockerfiles: https://docs.docker.com/reference/dockerfile. Also what Podman and Buildah take.
#include <fmt/format.h>

#include "base/text.hpp"
#include "packaging/runtimes/images.hpp"

namespace millrace {

namespace {

std::string run(const std::vector<std::string>& commands) {
  return "RUN " + join(commands, " \\\n && ");
}

// Starting the server once shows, while the image is built, that all its libraries are there.
std::string docker_serving(const ExportSource& source) {
  return fmt::format(R"(# Serves {0}. In this folder: docker build -t NAME .
FROM {1}
{2}
COPY millrace-serve /usr/local/bin/
COPY {3} /model/
RUN ["millrace-serve", "--version"]
LABEL org.opencontainers.image.title="{0}" millrace.artifact="{4}"
USER 65534:65534
EXPOSE {5}
ENTRYPOINT ["millrace-serve"]
CMD ["--artifact", "/model/{3}", "--host", "0.0.0.0", "--port", "{5}"]
)",
                     source.name(), kBaseImage, run(install_commands(serving_packages())), source.file_name(),
                     source.digest, kServingPort);
}

// Only what is built is copied, so that a change of anything else does not build it again.
std::string docker_pipeline() {
  return fmt::format(
      R"(# The pipeline, built from source. In Millrace's source tree: docker build -f THIS_FILE -t millrace .
FROM {0} AS build
WORKDIR /source
COPY CMakeLists.txt CMakePresets.json ./
COPY cmake cmake
COPY scripts scripts
COPY kernels kernels
COPY benchmarks benchmarks
COPY src src
{1}

FROM {0}
{2} \
 && useradd --create-home --uid 1000 millrace
COPY --from=build /source/build/release/bin/millrace /source/build/release/bin/millrace-serve /usr/local/bin/
RUN ["millrace", "version"]
USER 1000:1000
WORKDIR /home/millrace
ENTRYPOINT ["millrace"]
CMD ["--help"]
)",
      kBaseImage, run(build_commands()), run(install_commands(pipeline_packages())));
}

}  // namespace

ExportedFiles docker_files(const ExportSource& source, const std::string& server) {
  ExportedFiles files = serving_context(source, server);
  files.push_back({"Dockerfile", docker_serving(source)});
  files.push_back({"pipeline.Dockerfile", docker_pipeline()});
  return files;
}

}  // namespace millrace
