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
// The same as a T. Whatever is wrong with it, down to a word that T does not know, is the text's fault
// (kResource).
template <class T>
T parse_document(std::string_view text, const std::string& what) {
  const Json json = parse_json(text, what);
  try {
    return json.get<T>();
  } catch (...) {
    throw resource_error("{}: {}", what, current_error().message());
  }
}
Json read_json_file(const std::string& path);

// The canonical bytes of a value: sorted keys, no blanks, numbers that read back exactly. What digests are
// taken of. Throws kInternal for NaN or infinity, which JSON cannot hold.
std::string canonical_json(const Json& value);
// Indented, with a final line end: for files that people look at.
std::string pretty_json(const Json& value);

// value[key] as T; the error names `what` and the key.
template <class T>
T json_get(const Json& value, const std::string& key, const std::string& what) {
  try {
    return value.at(key).get<T>();
  } catch (const nlohmann::json::exception& error) {
    throw resource_error("{}: key '{}' is missing or has the wrong type ({})", what, key, error.what());
  }
}

}  // namespace millrace
