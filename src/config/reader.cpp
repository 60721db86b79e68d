#include "config/reader.hpp"

#include "base/text.hpp"
#include "base/topics.hpp"
#include "config/describe.hpp"

namespace millrace {

namespace {

// The dotted section that has `key`, if any: for keys that stand in the wrong one.
std::string home_of(const OrderedJson& section, const std::string& key, const std::string& path) {
  for (const auto& [name, value] : section.items()) {
    if (!value.is_object()) continue;
    std::string inside = path.empty() ? name : path + "." + name;
    if (value.contains(key)) return inside;
    if (std::string home = home_of(value, key, inside); !home.empty()) return home;
  }
  return "";
}

std::string hint_for(const std::string& key, const OrderedJson& known) {
  std::vector<std::string> names;
  for (const auto& item : known.items()) names.push_back(item.key());
  if (std::string near = suggestion(key, names); !near.empty()) return near;
  PipelineConfig defaults;
  const std::string home = home_of(write_section(defaults), key, "");
  return home.empty() ? "; it takes " + join(names, ", ") : fmt::format(" (it belongs under '{}')", home);
}

}  // namespace

void check_keys(const YamlNode& node, const std::string& path, const OrderedJson& known) {
  if (node.is_null()) return;
  const std::string section = path.empty() ? "the configuration" : path;
  if (node.kind != YamlNode::Kind::kMap) Slot{node, section, {}}.refuse("a map of keys");
  for (const auto& entry : node.entries) {
    if (known.contains(entry.key)) continue;
    throw Error(Topic::kUnknownKey, "{}: unknown key '{}' in {}{}", entry.mark.str(), entry.key, section,
                hint_for(entry.key, known));
  }
}

void refuse_missing(const Mark& mark, const std::string& path, const char* doc) {
  throw Error(Topic::kMissingKey, "{}: the key {} is missing ({})", mark.str(), path, doc);
}

}  // namespace millrace
