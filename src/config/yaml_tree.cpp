#include "config/yaml_tree.hpp"

#include <algorithm>

#include <yaml-cpp/yaml.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "config/substitute.hpp"
#include "config/yaml_documents.hpp"
#include "config/yaml_text.hpp"

namespace millrace {

namespace {

// Against anchors that contain themselves or multiply without bound.
constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxNodes = 100'000;

class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, Mark origin) : lines_(split(text, '\n')), origin_(std::move(origin)) {
    if (lines_[0].starts_with("\xef\xbb\xbf")) lines_[0].erase(0, 3);  // yaml-cpp does not count it either
  }

  [[nodiscard]] Mark place(const YAML::Mark& mark) const {
    if (origin_.line == 0 || mark.is_null()) return origin_;
    const auto before = line(mark.line).substr(0, static_cast<std::size_t>(mark.column));
    return {origin_.file, mark.line + 1, static_cast<int>(count_characters(before)) + 1};
  }

  YamlNode build(const YAML::Node& yaml, int depth = 0) {
    YamlNode node;
    node.mark = place(yaml.Mark());
    if (depth > kMaxDepth || ++nodes_ > kMaxNodes) {
      throw Error(Topic::kInvalidYaml, "{}: the file is nested too deeply or too large", node.mark.str());
    }
    if (yaml.IsScalar()) build_scalar(yaml, node);
    if (yaml.IsSequence()) {
      node.kind = YamlNode::Kind::kList;
      for (const YAML::Node& item : yaml) node.items.push_back(build(item, depth + 1));
    }
    if (yaml.IsMap()) {
      node.kind = YamlNode::Kind::kMap;
      for (const auto& entry : yaml) add_entry(node, entry.first, entry.second, depth);
    }
    return node;
  }

  // YAML's words for a tab that indents a line are about what it made of it.
  [[nodiscard]] const char* advice(const YAML::Mark& mark) const {
    const std::string_view text = mark.is_null() ? "" : line(mark.line);
    const auto tab = text.find('\t');
    const bool indents = tab != std::string_view::npos && tab == text.find_first_not_of(' ');
    return indents ? " (the line is indented with a tab; YAML wants spaces)" : "";
  }

 private:
  [[nodiscard]] std::string_view line(int number) const {
    const auto index = static_cast<std::size_t>(number);
    return index < lines_.size() ? std::string_view(lines_[index]) : std::string_view();
  }

  void build_scalar(const YAML::Node& yaml, YamlNode& node) const {
    const std::string& tag = yaml.Tag();
    if (!tag.empty() && tag != "?" && tag != "!") {
      throw Error(Topic::kInvalidYaml, "{}: the tag '{}' has no meaning here", node.mark.str(), tag);
    }
    if (const auto reference = secret_reference(yaml.Scalar())) {
      node.kind = YamlNode::Kind::kMap;
      YamlNode value = node;
      value.kind = YamlNode::Kind::kScalar;
      value.text = *reference;
      node.entries.push_back({kSecretKey, node.mark, std::move(value)});
      return;
    }
    node.kind = YamlNode::Kind::kScalar;
    bool substituted = false;
    node.text = substitute_environment(yaml.Scalar(), node.mark, substituted);
    node.quoted = tag == "!" && !substituted;
    if (origin_.line == 0) return;
    const auto start = static_cast<std::size_t>(yaml.Mark().column) + (tag == "!" ? 1 : 0);
    const std::string_view source = line(yaml.Mark().line);
    node.verbatim = start <= source.size() && source.substr(start).starts_with(node.text);
    if (node.verbatim && tag == "!") ++node.mark.column;
  }

  void add_entry(YamlNode& map, const YAML::Node& key, const YAML::Node& value, int depth) {
    const Mark mark = place(key.Mark());
    if (!key.IsScalar()) throw Error(Topic::kInvalidYaml, "{}: a key must be a plain text", mark.str());
    if (key.Scalar() == "<<" && key.Tag() != "!") {
      throw Error(Topic::kInvalidYaml,
                  "{}: maps are not merged ('<<'); write the keys out, or refer to a whole value",
                  mark.str());
    }
    if (const auto* earlier = map.find(key.Scalar())) {
      throw Error(Topic::kDuplicateKey, "{}: the key '{}' is here a second time; the first is at line {}",
                  mark.str(), key.Scalar(), earlier->mark.line);
    }
    YamlNode child = build(value, depth + 1);
    if (child.is_null()) child.mark = mark;  // nothing has no place of its own
    map.entries.push_back({key.Scalar(), mark, std::move(child)});
  }

  std::vector<std::string> lines_;
  Mark origin_;
  std::size_t nodes_ = 0;
};

}  // namespace

const YamlNode::Entry* YamlNode::find(std::string_view key) const {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](auto& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

YamlNode::Entry* YamlNode::find(std::string_view key) {
  return const_cast<Entry*>(std::as_const(*this).find(key));
}

YamlNode parse_yaml(const std::string& text, const Mark& origin) {
  check_characters(text, origin);
  TreeBuilder builder(text, origin);
  try {
    if (const auto second = second_document(text)) {
      throw Error(
          Topic::kInvalidYaml,
          "{}: a second document begins here, or a bracket closes nothing; a configuration is one document",
          builder.place(*second).str());
    }
    YamlNode tree = builder.build(YAML::Load(text));
    if (tree.is_null()) tree.mark = origin;
    return tree;
  } catch (const YAML::Exception& error) {
    throw Error(Topic::kInvalidYaml, "{}: this is no valid YAML: {}{}", builder.place(error.mark).str(),
                error.msg, builder.advice(error.mark));
  }
}

const Mark& place_of(const YamlNode& tree, const std::string& path) {
  const YamlNode* node = &tree;
  for (const std::string& key : split(path, '.')) {
    const auto* entry = node->find(key);
    if (entry == nullptr) break;
    node = &entry->value;
  }
  return node->mark;
}

}  // namespace millrace
