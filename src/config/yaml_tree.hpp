// YAML as a tree of plain values that know their place in the file. Between yaml-cpp and the readers of keys:
// environment variables are filled in, duplicate keys and what configurations have no use for are refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/mark.hpp"

namespace millrace {

struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };
  struct Entry;

  Kind kind = Kind::kNull;
  std::string text;       // of a scalar
  bool quoted = false;    // a scalar in quotes is a text, whatever it looks like
  bool verbatim = false;  // see SourceText
  Mark mark;
  std::vector<YamlNode> items;  // of a list
  std::vector<Entry> entries;   // of a map, in the order of the file

  [[nodiscard]] bool is_null() const { return kind == Kind::kNull; }
  [[nodiscard]] bool is_scalar() const { return kind == Kind::kScalar; }
  [[nodiscard]] bool is_plain(std::string_view word) const { return is_scalar() && !quoted && text == word; }
  [[nodiscard]] const Entry* find(std::string_view key) const;
  [[nodiscard]] Entry* find(std::string_view key);
};

struct YamlNode::Entry {
  std::string key;
  Mark mark;  // of the key
  YamlNode value;
};

// "${secret:env:NAME}" is the map {secret: "env:NAME"}.
inline constexpr const char* kSecretKey = "secret";

// Parses one document. `origin` {file, 1, 1}: places are counted from there; an origin without a line is the
// mark of every node. Throws kUsage with the place.
YamlNode parse_yaml(const std::string& text, const Mark& origin);

// The place of a dotted key, or of the innermost map around it that the tree has.
const Mark& place_of(const YamlNode& tree, const std::string& path);

}  // namespace millrace
