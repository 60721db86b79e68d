#include "config/overrides.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

// Splits 'features.columns."a.b".bins=4' at its dots; `end` is the position of '='.
std::vector<std::string> split_path(const std::string& text, std::size_t& end) {
  std::vector<std::string> parts(1);
  bool in_quotes = false;
  for (end = 0; end < text.size() && (in_quotes || text[end] != '='); ++end) {
    if (text[end] == '"') {
      in_quotes = !in_quotes;
    } else if (text[end] == '.' && !in_quotes) {
      parts.emplace_back();
    } else {
      parts.back() += text[end];
    }
  }
  return parts;
}

void set_value(YamlNode& tree, const std::vector<std::string>& path, YamlNode value) {
  YamlNode* node = &tree;
  for (const std::string& key : path) {
    if (node->kind == YamlNode::Kind::kList) {
      throw Error(Topic::kUnknownKey, "{}: '{}' is inside a list; set the whole list", value.mark.str(), key);
    }
    if (node->kind != YamlNode::Kind::kMap) {
      *node = {};
      node->kind = YamlNode::Kind::kMap;
      node->mark = value.mark;
    }
    auto* entry = node->find(key);
    if (entry == nullptr) entry = &node->entries.emplace_back(YamlNode::Entry{key, value.mark, {}});
    node = &entry->value;
  }
  *node = std::move(value);
}

}  // namespace

void apply_override(YamlNode& tree, const std::string& override_text) {
  std::size_t equals = 0;
  const std::vector<std::string> path = split_path(override_text, equals);
  if (equals >= override_text.size() || path.front().empty()) {
    throw Error(Topic::kCommandLine, "--set {}: write it as key.path=value, such as training.epochs=10",
                millrace::quoted(override_text));
  }
  const Mark mark{"--set " + override_text.substr(0, equals), 0, 0};
  set_value(tree, path, parse_yaml(override_text.substr(equals + 1), mark));
}

void set_key(YamlNode& tree, const std::string& path, const std::string& json, const Mark& mark) {
  std::size_t end = 0;
  set_value(tree, split_path(path, end), parse_yaml(json, Mark{mark.str(), 0, 0}));  // all of it is there
}

}  // namespace millrace
