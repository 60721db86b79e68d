// Inside mlflow/: what one run has to say to MLflow.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mlflow/batches.hpp"

namespace millrace::mlflow {

struct TrackedFile {
  std::string name;  // among the run's artifacts
  std::string path;
};

struct TrackedRun {
  std::string id;     // of this run in this registry, and of no other
  std::string model;  // whose experiment it is in
  std::string run;    // its name
  std::string status = "FINISHED";
  std::int64_t begin = 0;  // as the end in milliseconds since 1970
  std::int64_t end = 0;
  std::vector<Metric> metrics;
  Pairs parameters;
  Pairs run_tags;
  std::vector<TrackedFile> files;
};

// A tag by which a run or version is found again, with its id.
inline constexpr const char* kIdTag = "millrace.id";
// MLflow's own: the run that this one is shown below.
inline constexpr const char* kParentTag = "mlflow.parentRunId";

// Since 1970, of a time as base/time.hpp writes it.
std::int64_t milliseconds(const std::string& time);
// A text as it is, anything else as JSON.
std::string text_of(const Json& value);

}  // namespace millrace::mlflow
