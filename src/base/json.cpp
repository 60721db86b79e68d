#include "base/json.hpp"

#include <cmath>

#include "base/file.hpp"
#include "base/json_nesting.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

bool holds_only_finite(const Json& value) {
  if (value.is_number_float()) return std::isfinite(value.get<double>());
  if (!value.is_structured()) return true;
  for (const Json& child : value) {
    if (!holds_only_finite(child)) return false;
  }
  return true;
}

}  // namespace

Json parse_json(std::string_view text, const std::string& what) {
  check_json_nesting(text, what, Topic::kDamagedFile);
  try {
    return Json::parse(text);
  } catch (const Json::exception& error) {  // numbers beyond a double's range are no parse_error
    throw Error(Topic::kDamagedFile, "{} is no valid JSON: {}", what, error.what());
  }
}

Error unsound_document(const std::string& what, const Error& reason) {
  return {Topic::kDamagedFile, "{}: {}", what, reason.message()};
}

Error unsound_json(const std::string& what, const std::string& key, const std::exception& error) {
  return {Topic::kDamagedFile, "{}: key '{}' is missing or has the wrong type ({})", what, key, error.what()};
}

Json read_json_file(const std::string& path) {
  return parse_json(read_file(path), "'" + path + "'");
}

std::string canonical_json(const Json& value) {
  if (!holds_only_finite(value)) throw internal_error("a JSON document may hold neither NaN nor infinity");
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string pretty_json(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace millrace
