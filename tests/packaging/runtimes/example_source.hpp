// An artifact to export.
#pragma once

#include <functional>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "packaging/onnx/export.hpp"
#include "packaging/runtimes/export.hpp"
#include "support/example_artifact.hpp"

namespace millrace::testing_support {

inline ExportSource example_source(const std::string& task = "binary") {
  ExportSource source;
  source.path = "/etc/passwd";  // any file
  source.model = "churn";
  source.version = 7;
  source.digest = std::string(64, 'a');
  source.task = task;
  source.classes = example_plan(task).target.classes;
  source.onnx = export_onnx(example_scorer(task)).bytes;
  return source;
}

inline std::vector<std::string> paths_of(const ExportedFiles& files) {
  std::vector<std::string> paths;
  for (const ExportedFile& file : files) paths.push_back(file.path);
  return paths;
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The message of the user's mistake that it must be.
inline std::string complaint(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage) << error.message();
    return error.message();
  }
  return "";
}

}  // namespace millrace::testing_support
