#include "base/json.hpp"

#include <cmath>

#include "base/file.hpp"
#include "base/json_nesting.hpp"

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
  check_json_nesting(text, what, ExitCode::kResource);
  try {
    return Json::parse(text);
  } catch (const Json::exception& error) {  // numbers beyond a double's range are no parse_error
    throw resource_error("{} is no valid JSON: {}", what, error.what());
  }
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
