// JSON with our errors: what is wrong in which file, instead of a library's exception.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace millrace {

using Json = nlohmann::json;                 // keys sorted: dump() is canonical
using OrderedJson = nlohmann::ordered_json;  // keys in the order of insertion: for files that people read

// Parses `text`; `what` names it in the error (kResource).
Json parse_json(std::string_view text, const std::string& what);
Json read_json_file(const std::string& path);

// The canonical bytes of a value: sorted keys, no blanks, numbers that read back exactly. What digests are
// taken of. Throws kInternal for NaN or infinity, which JSON cannot hold.
std::string canonical_json(const Json& value);
// Indented, with a final line end: for files that people look at.
std::string pretty_json(const Json& value);

// For json_get.
Error unsound_json(const std::string& what, const std::string& key, const std::exception& error);

// value[key] as T; the error names `what` and the key.
template <class T>
T json_get(const Json& value, const std::string& key, const std::string& what) {
  try {
    return value.at(key).get<T>();
  } catch (const nlohmann::json::exception& error) {
    throw unsound_json(what, key, error);
  }
}

}  // namespace millrace
