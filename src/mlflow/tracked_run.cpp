#include "mlflow/tracked_run.hpp"

#include <cmath>

#include "base/time.hpp"

namespace millrace::mlflow {

std::int64_t milliseconds(const std::string& time) {
  return std::llround(parse_rfc3339(time) * 1000);
}

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace millrace::mlflow
