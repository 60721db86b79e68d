// A visitor that fills a section from a map of the file. What the file leaves out keeps its default.
#pragma once

#include "config/codec.hpp"
#include "config/writer.hpp"

namespace millrace {

// Throws kUsage unless `node` is a map (or nothing) whose keys are all in `known` (an object).
void check_keys(const YamlNode& node, const std::string& path, const OrderedJson& known);
[[noreturn]] void refuse_missing(const Mark& mark, const std::string& path, const char* doc);

template <class Section>
void read_section(const YamlNode& node, const std::string& path, Section& section);

class Reader {
 public:
  Reader(const YamlNode& node, std::string path) : node_(node), path_(std::move(path)) {}

  template <class T>
  void field(const char* name, T& value, const char* doc, const Limits& limits = {}) {
    if (const auto* entry = node_.find(name)) {
      read_value(Slot{entry->value, path_of(name), limits}, value);
    } else if (limits.required) {
      refuse_missing(node_.mark, path_of(name), doc);
    }
  }
  template <class Section>
  void section(const char* name, Section& section, const char*) {
    read_section(child(name), path_of(name), section);
  }
  // "false" switches an optional section off, "true" is the section with its defaults.
  template <class Section>
  void section(const char* name, std::optional<Section>& section, const char*) {
    const YamlNode node = child(name);
    if (node.is_plain("false")) {
      section.reset();
    } else if (node.is_plain("true")) {
      section.emplace();
    } else if (!node.is_null()) {
      read_section(node, path_of(name), section.emplace());
    }
  }
  template <class Section>
  void list(const char* name, std::vector<Section>& sections, const char*) {
    const YamlNode node = child(name);
    if (node.is_null()) return;
    if (node.kind != YamlNode::Kind::kList) Slot{node, path_of(name), {}}.refuse("a list of maps");
    for (const YamlNode& item : node.items) {
      const std::string item_path = fmt::format("{}[{}]", path_of(name), sections.size());
      read_section(item, item_path, sections.emplace_back());
    }
  }
  // Each entry begins as `prototype`.
  template <class Section>
  void table(const char* name, std::map<std::string, Section>& sections, const Section& prototype,
             const char*) {
    const YamlNode node = child(name);
    if (node.is_null()) return;
    if (node.kind != YamlNode::Kind::kMap) Slot{node, path_of(name), {}}.refuse("a map from names");
    for (const auto& entry : node.entries) {
      Section& section = sections.emplace(entry.key, prototype).first->second;
      read_section(entry.value, path_of(name) + "." + entry.key, section);
    }
  }

 private:
  [[nodiscard]] std::string path_of(const char* name) const {
    return path_.empty() ? name : path_ + "." + name;
  }
  // The node of a key; where the file has none, nothing, at the place of the section.
  [[nodiscard]] YamlNode child(const char* name) const {
    if (const auto* entry = node_.find(name)) return entry->value;
    YamlNode nothing;
    nothing.mark = node_.mark;
    return nothing;
  }

  const YamlNode& node_;
  std::string path_;
};

// Unknown keys are looked for first: the likeliest reason of a missing key is a misspelt one.
template <class Section>
void read_section(const YamlNode& node, const std::string& path, Section& section) {
  check_keys(node, path, write_section(section));
  Reader reader(node, path);
  describe(reader, section);
}

}  // namespace millrace
