// Values of one key: from the file's tree, to JSON, in words and as a JSON Schema. Every type that a key can
// have is an overload of the same four functions; optional, list, pair and map are built from their elements.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "config/limits.hpp"
#include "config/pipeline_config.hpp"
#include "config/yaml_tree.hpp"

namespace millrace {

// A value on its way into the configuration.
struct Slot {
  const YamlNode& node;
  std::string path;  // dotted, for messages
  const Limits& limits;

  // Throws kUsage: "churn.yaml:7:11: training.epochs must be an integer, at least 1, not '-5'".
  [[noreturn]] void refuse(const std::string& wanted, const std::string& hint = "") const;
};

// Reads the slot's node into `value`, or refuses it.
void read_value(const Slot& slot, bool& value);
void read_value(const Slot& slot, double& value);
void read_value(const Slot& slot, std::uint32_t& value);
void read_value(const Slot& slot, std::uint64_t& value);
void read_value(const Slot& slot, std::string& value);
void read_value(const Slot& slot, SourceText& value);
void read_value(const Slot& slot, Secret& value);
void read_value(const Slot& slot, Action& value);
void read_value(const Slot& slot, SplitPart& value);
void read_value(const Slot& slot, AnyValue& value);
template <class T>
void read_value(const Slot& slot, std::optional<T>& value);
template <class T>
void read_value(const Slot& slot, std::vector<T>& values);
template <class T>
void read_value(const Slot& slot, std::map<std::string, T>& values);
template <class A, class B>
void read_value(const Slot& slot, std::pair<A, B>& value);

// The value in the shape of the file.
OrderedJson write_value(bool value);
OrderedJson write_value(double value);
OrderedJson write_value(std::uint32_t value);
OrderedJson write_value(std::uint64_t value);
OrderedJson write_value(const std::string& value);
OrderedJson write_value(const SourceText& value);
OrderedJson write_value(const Secret& value);
OrderedJson write_value(Action value);
OrderedJson write_value(const SplitPart& value);
OrderedJson write_value(const AnyValue& value);
template <class T>
OrderedJson write_value(const std::optional<T>& value);
template <class T>
OrderedJson write_value(const std::vector<T>& values);
template <class T>
OrderedJson write_value(const std::map<std::string, T>& values);
template <class A, class B>
OrderedJson write_value(const std::pair<A, B>& value);

// What the key takes, in words that fit "must be …". The value only chooses the type.
std::string words_of(bool, const Limits& limits);
std::string words_of(double, const Limits& limits);
std::string words_of(std::uint32_t, const Limits& limits);
std::string words_of(std::uint64_t, const Limits& limits);
std::string words_of(const std::string&, const Limits& limits);
std::string words_of(const SourceText&, const Limits& limits);
std::string words_of(const Secret&, const Limits& limits);
std::string words_of(Action, const Limits& limits);
std::string words_of(const SplitPart&, const Limits& limits);
std::string words_of(const AnyValue&, const Limits& limits);
template <class T>
std::string words_of(const std::optional<T>&, const Limits& limits);
template <class T>
std::string words_of(const std::vector<T>&, const Limits& limits);
template <class T>
std::string words_of(const std::map<std::string, T>&, const Limits& limits);
template <class A, class B>
std::string words_of(const std::pair<A, B>&, const Limits& limits);

// The same as a JSON Schema. Where a number or truth value stands, "${env:NAME}" may stand too.
Json schema_of(bool, const Limits& limits);
Json schema_of(double, const Limits& limits);
Json schema_of(std::uint32_t, const Limits& limits);
Json schema_of(std::uint64_t, const Limits& limits);
Json schema_of(const std::string&, const Limits& limits);
Json schema_of(const SourceText&, const Limits& limits);
Json schema_of(const Secret&, const Limits& limits);
Json schema_of(Action, const Limits& limits);
Json schema_of(const SplitPart&, const Limits& limits);
Json schema_of(const AnyValue&, const Limits& limits);
template <class T>
Json schema_of(const std::optional<T>&, const Limits& limits);
template <class T>
Json schema_of(const std::vector<T>&, const Limits& limits);
template <class T>
Json schema_of(const std::map<std::string, T>&, const Limits& limits);
template <class A, class B>
Json schema_of(const std::pair<A, B>&, const Limits& limits);

// optional: null in the file is nothing.

template <class T>
void read_value(const Slot& slot, std::optional<T>& value) {
  value.reset();
  if (!slot.node.is_null()) read_value(slot, value.emplace());
}
template <class T>
OrderedJson write_value(const std::optional<T>& value) {
  return value ? write_value(*value) : OrderedJson(nullptr);
}
template <class T>
std::string words_of(const std::optional<T>&, const Limits& limits) {
  return words_of(T{}, limits) + ", or null";
}
template <class T>
Json schema_of(const std::optional<T>&, const Limits& limits) {
  return {{"anyOf", {schema_of(T{}, limits), {{"type", "null"}}}}};
}

// list: a single value is a list of one.

template <class T>
void read_value(const Slot& slot, std::vector<T>& values) {
  values.clear();
  if (slot.node.is_scalar()) {
    read_value(slot, values.emplace_back());
  } else if (slot.node.kind == YamlNode::Kind::kList) {
    for (const YamlNode& item : slot.node.items)
      read_value(Slot{item, slot.path, slot.limits}, values.emplace_back());
  } else {
    slot.refuse(words_of(values, slot.limits));
  }
  if (slot.limits.required && values.empty()) slot.refuse("a list that is not empty");
}
template <class T>
OrderedJson write_value(const std::vector<T>& values) {
  OrderedJson list = OrderedJson::array();
  for (const T& value : values) list.push_back(write_value(value));
  return list;
}
template <class T>
std::string words_of(const std::vector<T>&, const Limits& limits) {
  return "a list, each " + words_of(T{}, limits);
}
template <class T>
Json schema_of(const std::vector<T>&, const Limits& limits) {
  const Json item = schema_of(T{}, limits);
  Json list{{"type", "array"}, {"items", item}};
  if (limits.required) list["minItems"] = 1;
  return {{"anyOf", {list, item}}};
}

// map from names that the user gives.

template <class T>
void read_value(const Slot& slot, std::map<std::string, T>& values) {
  values.clear();
  if (slot.node.is_null()) return;
  if (slot.node.kind != YamlNode::Kind::kMap) slot.refuse(words_of(values, slot.limits));
  for (const auto& entry : slot.node.entries) {
    read_value(Slot{entry.value, slot.path + "." + entry.key, slot.limits}, values[entry.key]);
  }
}
template <class T>
OrderedJson write_value(const std::map<std::string, T>& values) {
  OrderedJson object = OrderedJson::object();
  for (const auto& [name, value] : values) object[name] = write_value(value);
  return object;
}
template <class T>
std::string words_of(const std::map<std::string, T>&, const Limits& limits) {
  return "a map from names, each to " + words_of(T{}, limits);
}
template <class T>
Json schema_of(const std::map<std::string, T>&, const Limits& limits) {
  return {{"type", {"object", "null"}}, {"additionalProperties", schema_of(T{}, limits)}};
}

// pair of numbers: [low, high]; an end that may be null is open.

template <class T>
std::optional<double> bound_of(const T& end) {
  return end;
}

template <class A, class B>
void read_value(const Slot& slot, std::pair<A, B>& value) {
  if (slot.node.kind != YamlNode::Kind::kList || slot.node.items.size() != 2) {
    slot.refuse(words_of(value, slot.limits));
  }
  read_value(Slot{slot.node.items[0], slot.path, slot.limits}, value.first);
  read_value(Slot{slot.node.items[1], slot.path, slot.limits}, value.second);
  const auto low = bound_of(value.first);
  const auto high = bound_of(value.second);
  if (low && high && *low > *high)
    Slot{slot.node.items[0], slot.path, slot.limits}.refuse("[low, high] with low not above high (" +
                                                            slot.node.items[1].text + ")");
}
template <class A, class B>
OrderedJson write_value(const std::pair<A, B>& value) {
  return OrderedJson::array({write_value(value.first), write_value(value.second)});
}
template <class A, class B>
std::string words_of(const std::pair<A, B>&, const Limits& limits) {
  return "a list [low, high], each " + words_of(A{}, limits);
}
template <class A, class B>
Json schema_of(const std::pair<A, B>&, const Limits& limits) {
  return {{"type", "array"},
          {"prefixItems", {schema_of(A{}, limits), schema_of(B{}, limits)}},
          {"minItems", 2},
          {"maxItems", 2}};
}

}  // namespace millrace
