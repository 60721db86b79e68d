// JSON with our errors: what is wrong in which file, instead of a library's exception.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace millrace {

using Json = nlohmann::json;                 // keys sorted: dump() is canonical
using OrderedJson = nlohmann::ordered_json;  // keys in the order of insertion: for files that people read

// For parse_document and json_get.
Error unsound_document(const std::string& what, const Error& reason);
Error unsound_json(const std::string& what, const std::string& key, const std::exception& error);

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
    throw unsound_document(what, current_error());
  }
}
Json read_json_file(const std::string& path);

// The canonical bytes of a value: sorted keys, no blanks, numbers that read back exactly. What digests are
// taken of. Throws kInternal for NaN or infinity, which JSON cannot hold.
std::string canonical_json(const Json& value);
// Indented, with a final line end: for files that people look at.
std::string pretty_json(const Json& value);

// The library's own conversion cuts fractions off and wraps round what T cannot hold.
template <std::integral T>
T json_integer(const Json& value) {
  if (value.is_number_unsigned() && std::in_range<T>(value.get<std::uint64_t>())) return value.get<T>();
  const bool is_signed = value.is_number_integer() && !value.is_number_unsigned();
  if (is_signed && std::in_range<T>(value.get<std::int64_t>())) return value.get<T>();
  throw Json::type_error::create(302, fmt::format("{} is no integer that fits", value.dump()), &value);
}

template <class T>
inline constexpr bool kIsInteger = std::is_integral_v<T> && !std::is_same_v<T, bool>;
template <class T>
inline constexpr bool kIsListOfIntegers = false;
template <class T>
inline constexpr bool kIsListOfIntegers<std::vector<T>> = kIsInteger<T>;

// `value` as T; throws the library's exceptions.
template <class T>
T json_as(const Json& value) {
  if constexpr (kIsInteger<T>) {
    return json_integer<T>(value);
  } else if constexpr (kIsListOfIntegers<T>) {
    T numbers;
    for (const Json& item : value.get_ref<const Json::array_t&>())
      numbers.push_back(json_integer<typename T::value_type>(item));
    return numbers;
  } else {
    return value.get<T>();
  }
}

// value[key] as T; the error names `what` and the key.
template <class T>
T json_get(const Json& value, const std::string& key, const std::string& what) {
  try {
    return json_as<T>(value.at(key));
  } catch (const nlohmann::json::exception& error) {
    throw unsound_json(what, key, error);
  }
}

}  // namespace millrace
