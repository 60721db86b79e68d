// From an artifact to what other runtimes take: a model repository for Triton, an InferenceService for
// KServe, container images. Each is a list of files, made in memory; write_export() puts them into a folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace millrace {

// A checked artifact, as far as exporting needs to know it.
struct ExportSource {
  std::string path;  // of the .tar.zst
  std::string model;
  std::uint64_t version = 0;
  std::string digest;  // of the artifact's manifest
  std::string task;
  std::vector<std::string> classes;  // binary: negative, positive; none for a regression
  std::string onnx;                  // the bytes of model.onnx; empty where there is none ...
  std::string without_onnx;          // ... and why

  [[nodiscard]] std::string name() const { return model + "/" + std::to_string(version); }
  [[nodiscard]] std::string file_name() const { return model + "-" + std::to_string(version) + ".tar.zst"; }
};

// Checks every part of the artifact. Throws kResource where one is damaged.
ExportSource read_export_source(const std::string& path);

struct ExportedFile {
  std::string path;  // in the export's folder
  std::string bytes;
  bool executable = false;
};
using ExportedFiles = std::vector<ExportedFile>;

// NAME/config.pbtxt and NAME/VERSION/model.onnx for the back end onnxruntime, and NAME/labels.txt where there
// are classes. Throws kUsage (not-exportable) where there is no model.onnx, or an input has a name that the
// back end cannot hold.
ExportedFiles triton_repository(const ExportSource& source);

struct KserveOptions {
  std::string name;           // of the InferenceService; empty: the model's
  std::optional<int> canary;  // percent of the traffic for this version; none: all of it, once it is ready
  std::string storage;        // URI that the cluster loads the model from
  std::string image;          // that serves it; with Triton the cluster's own
  bool with_triton = false;
};

// inference-service.yaml (serving.kserve.io/v1beta1), and what is to be copied to the storage: the artifact,
// or Triton's repository. Throws kUsage for options that do not fit together or a name that Kubernetes
// refuses.
ExportedFiles kserve_service(const ExportSource& source, const KserveOptions& options);

// Of images on Debian 12: one that serves (millrace-serve and the artifact, which lie beside it), and one for
// the pipeline in two stages, to be built in a source tree. `server` is the millrace-serve to take.
ExportedFiles docker_files(const ExportSource& source, const std::string& server);
ExportedFiles apptainer_files(const ExportSource& source, const std::string& server);

// Never over another content: throws kUsage, and writes nothing, where a file has other bytes.
void write_export(const std::string& folder, const ExportedFiles& files);

}  // namespace millrace
