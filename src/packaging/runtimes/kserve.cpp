// KServe's InferenceService. Fields: https://kserve.github.io/website/docs/reference/crd-api; what a custom
// container is told by the variables STORAGE_URI and PROTOCOL: its guide to custom predictors. Percentages:
// of the traffic for the newest revision, the rest stays with the last that was rolled out (Serverless mode).
#include <algorithm>

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/topics.hpp"
#include "packaging/runtimes/export.hpp"
#include "packaging/runtimes/images.hpp"

namespace millrace {

namespace {

constexpr std::size_t kLongestName =
    63;  // of a label of the DNS (RFC 1035), as Kubernetes has it for services

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_service_name(const std::string& name) {
  return !name.empty() && name.size() <= kLongestName && is_lower(name.front()) && name.back() != '-' &&
         std::ranges::all_of(name, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

std::string service_name(const ExportSource& source, const KserveOptions& options) {
  std::string name = options.name.empty() ? source.model : options.name;
  if (is_service_name(name)) return name;
  throw Error(Topic::kNotExportable,
              "{} cannot be exported for KServe: a service cannot be called '{}': it takes at most {} small "
              "letters, digits and '-', a letter first and no '-' last; choose another one with --name",
              source.name(), name, kLongestName);
}

// Neither a reference to an image nor a URI has blanks, control characters or anything beyond ASCII in it.
void check_word(const char* option, const std::string& value) {
  if (std::ranges::all_of(value, [](char c) { return c > ' ' && c < 0x7f; })) return;
  throw Error(Topic::kCommandLine, "--{} {} has a character in it that it cannot have", option,
              Json(value).dump(-1, ' ', false, Json::error_handler_t::replace));
}

void check_options(const KserveOptions& options) {
  check_word("image", options.image);
  check_word("storage", options.storage);
  if (options.canary && (*options.canary < 0 || *options.canary > 100))
    throw Error(Topic::kCommandLine, "--canary {} is no percentage from 0 to 100", *options.canary);
  if (options.with_triton && options.storage.empty())
    throw Error(Topic::kCommandLine, "--storage: from which URI shall the cluster load Triton's repository?");
  if (options.with_triton && !options.image.empty())
    throw Error(Topic::kCommandLine,
                "--image is for --server millrace: with Triton the image is the cluster's");
  if (!options.with_triton && options.image.empty())
    throw Error(Topic::kCommandLine,
                "--image: which image serves it? `--as docker` writes what it is built from");
}

// As YAML's strings in double quotes, of which JSON's are some.
std::string yaml_string(const std::string& text) {
  return Json(text).dump();
}

std::string head(const ExportSource& source, const KserveOptions& options) {
  std::string text = fmt::format(R"(apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: {}
  annotations:
    millrace-version: {}
    millrace-artifact: {}
spec:
  predictor:
)",
                                 yaml_string(service_name(source, options)), yaml_string(source.name()),
                                 yaml_string(source.digest));
  if (options.canary) text += fmt::format("    canaryTrafficPercent: {}\n", *options.canary);
  return text;
}

// The server in an image of ours; without storage the artifact is in the image.
std::string custom_container(const ExportSource& source, const KserveOptions& options) {
  std::string text = fmt::format(R"(    containers:
      - name: kserve-container
        image: {}
        env:
          - {{ name: PROTOCOL, value: v2 }}
)",
                                 yaml_string(options.image));
  if (!options.storage.empty()) {
    text += fmt::format(R"(          - {{ name: STORAGE_URI, value: {} }}
        args: [--artifact, {}, --host, "0.0.0.0", --port, "{}"]
)",
                        yaml_string(options.storage), yaml_string("/mnt/models/" + source.file_name()),
                        kServingPort);
  }
  return text + fmt::format(R"(        ports:
          - {{ containerPort: {0}, protocol: TCP }}
        readinessProbe:
          httpGet: {{ path: /v2/health/ready, port: {0} }}
)",
                            kServingPort);
}

std::string triton_model(const KserveOptions& options) {
  return fmt::format(R"(    model:
      modelFormat: {{ name: onnx, version: "1" }}
      runtime: kserve-tritonserver
      protocolVersion: v2
      storageUri: {}
)",
                     yaml_string(options.storage));
}

}  // namespace

ExportedFiles kserve_service(const ExportSource& source, const KserveOptions& options) {
  check_options(options);
  const std::string text = head(source, options) +
                           (options.with_triton ? triton_model(options) : custom_container(source, options));
  ExportedFiles files;
  if (options.with_triton) {
    files = triton_repository(source);
    for (ExportedFile& file : files) file.path = "storage/" + file.path;
  } else if (!options.storage.empty()) {
    files.push_back(artifact_file(source, "storage/" + source.file_name()));
  }
  files.push_back({"inference-service.yaml", text});
  return files;
}

}  // namespace millrace
