// What MLflow takes as the name of a parameter, metric or tag, and how long values may be ("REST API",
// request limits; mlflow/utils/validation.py).
#pragma once

#include <cstddef>
#include <string>

namespace millrace::mlflow {

inline constexpr std::size_t kNameLimit = 250;
inline constexpr std::size_t kParameterLimit = 6000;
inline constexpr std::size_t kTagLimit = 5000;  // newer ones take 8000

// The name as it is where MLflow takes it: letters, digits and "_-. ", at most kNameLimit. Another one has
// '_' for each other byte, is cut, and ends in eight digits of its digest, so that different names stay so.
std::string fitting_name(const std::string& name);

// At most `limit` bytes of a text in UTF-8, cut between characters, with "…" in place of what is gone.
std::string fitting_value(const std::string& text, std::size_t limit);

}  // namespace millrace::mlflow
