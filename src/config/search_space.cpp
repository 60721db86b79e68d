#include "config/search_space.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "config/describe.hpp"
#include "config/overrides.hpp"
#include "config/reader.hpp"

namespace millrace {

namespace {

using Space = std::map<std::string, TuningParameter>;

const Mark& mark_of(const YamlNode& tree, const std::string& key) {
  const YamlNode* node = &tree;
  for (const std::string& part : {std::string("tuning"), std::string("space"), key}) {
    const auto* entry = node->find(part);
    if (entry == nullptr) return node->mark;
    node = &entry->value;
  }
  return node->mark;
}

struct Checked {
  const std::string& key;
  const TuningParameter& parameter;
  const Mark& mark;

  template <class... Values>
  [[noreturn]] void refuse(fmt::format_string<Values...> format, Values&&... values) const {
    throw Error(Topic::kSearchSpace, "{}: tuning.space '{}' {}", mark.str(), key,
                fmt::format(format, std::forward<Values>(values)...));
  }
};

std::vector<std::string> keys_of(const Space& space) {
  std::vector<std::string> keys;
  for (const auto& [key, parameter] : space) keys.push_back(key);
  return keys;
}

void check_section(const Checked& checked) {
  constexpr std::array kSections{"features.", "model.", "training."};
  if (std::ranges::none_of(kSections, [&](const char* name) { return checked.key.starts_with(name); }))
    checked.refuse("cannot be searched: only keys of {} can", kSearchedSections);
}

void check_distribution(const Checked& checked) {
  const TuningParameter& parameter = checked.parameter;
  const auto& range = parameter.uniform ? parameter.uniform : parameter.loguniform;
  const int kinds =
      static_cast<int>(parameter.uniform.has_value()) + static_cast<int>(parameter.loguniform.has_value()) +
      static_cast<int>(parameter.integer.has_value()) + static_cast<int>(!parameter.choice.empty());
  if (kinds != 1) checked.refuse("must have one of uniform, loguniform, int and choice");
  if (parameter.step && !range) checked.refuse("has a step, which only uniform and loguniform take");
  if (parameter.step && *parameter.step > range->second - range->first)
    checked.refuse("has a step of {} in a range of {} to {}", *parameter.step, range->first, range->second);
}

// Whether the parameter can have this value.
bool takes(const TuningParameter& parameter, const AnyValue& value) {
  if (!parameter.choice.empty()) return std::ranges::count(parameter.choice, value) > 0;
  const Json json = Json::parse(value.json);
  if (!json.is_number()) return false;
  const auto number = json.get<double>();
  if (parameter.integer)
    return number >= static_cast<double>(parameter.integer->first) &&
           number <= static_cast<double>(parameter.integer->second);
  const auto& range = parameter.uniform ? *parameter.uniform : *parameter.loguniform;
  return number >= range.first && number <= range.second;
}

void check_conditions(const Checked& checked, const Space& space) {
  for (const auto& [key, values] : checked.parameter.when) {
    const auto found = space.find(key);
    if (found == space.end()) {
      checked.refuse("counts when '{}' has some value, which is no parameter of the space{}", key,
                     suggestion(key, keys_of(space)));
    }
    for (const AnyValue& value : values) {
      if (!takes(found->second, value))
        checked.refuse("counts when '{}' is {}, which it never is", key, value.json);
    }
    if (values.empty()) checked.refuse("counts at no value of '{}'", key);
  }
}

// Conditions lead to conditions: never back to the parameter itself.
void check_no_circle(const Checked& checked, const Space& space) {
  std::set<std::string> seen;
  std::vector<std::string> open{checked.key};
  while (!open.empty()) {
    const std::string key = open.back();
    open.pop_back();
    for (const auto& [parent, values] : space.at(key).when) {
      if (parent == checked.key) checked.refuse("depends on itself, by way of '{}'", key);
      if (seen.insert(parent).second) open.push_back(parent);
    }
  }
}

std::vector<std::string> end_values(const TuningParameter& parameter) {
  if (parameter.integer)
    return {Json(parameter.integer->first).dump(), Json(parameter.integer->second).dump()};
  std::vector<std::string> values;
  for (const AnyValue& value : parameter.choice) values.push_back(value.json);
  const auto& range = parameter.uniform ? parameter.uniform : parameter.loguniform;
  if (!range) return values;
  const bool whole = has_whole_values(parameter);
  return {number_value(range->first, whole).dump(), number_value(range->second, whole).dump()};
}

// As --set would set them.
void check_values(const Checked& checked, const YamlNode& tree) {
  for (const std::string& json : end_values(checked.parameter)) {
    YamlNode changed = tree;
    set_key(changed, checked.key, json, checked.mark);
    PipelineConfig config;
    read_section(changed, "", config);
  }
}

}  // namespace

bool has_whole_values(const TuningParameter& parameter) {
  const auto is_whole = [](double number) { return number == std::floor(number); };
  if (parameter.integer) return true;
  const auto& range = parameter.uniform ? parameter.uniform : parameter.loguniform;
  return range && parameter.step && is_whole(*parameter.step) && is_whole(range->first);
}

Json number_value(double value, bool whole) {
  return whole ? Json(static_cast<std::int64_t>(std::llround(value))) : Json(value);
}

void check_space(const TuningConfig& tuning, const YamlNode& tree) {
  for (const auto& [key, parameter] : tuning.space) {
    const Checked checked{key, parameter, mark_of(tree, key)};
    check_section(checked);
    check_distribution(checked);
    check_conditions(checked, tuning.space);
    check_values(checked, tree);
  }
  for (const auto& [key, parameter] : tuning.space)
    check_no_circle({key, parameter, mark_of(tree, key)}, tuning.space);
}

}  // namespace millrace
