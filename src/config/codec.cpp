#include "config/codec.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

// The words of each Action, by its value.
constexpr std::array<const char*, 3> kActions{"warn", "reject", "ignore"};

Limits action_limits() {
  return {.words = {kActions.begin(), kActions.end()}};
}

std::string what_is_there(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return "nothing (a text 'null' needs quotes)";
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kMap:
      return "a map";
    case YamlNode::Kind::kScalar:
      break;
  }
  return (node.quoted ? "the text " : "") + millrace::quoted(node.text);
}

bool is_secret(const YamlNode& node) {
  const auto* entry = node.find(kSecretKey);
  return entry != nullptr && node.entries.size() == 1 && entry->value.is_scalar() &&
         is_secret_reference(entry->value.text);
}

// A plain scalar as a number of type T, all of it.
template <class T>
bool parse_number(const YamlNode& node, T& value) {
  if (!node.is_scalar() || node.quoted) return false;
  std::string_view text = node.text;
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

template <class T>
void read_integer(const Slot& slot, T& value) {
  if (!parse_number(slot.node, value) || !slot.limits.allows(static_cast<double>(value))) {
    slot.refuse(words_of(value, slot.limits));
  }
}

// What a plain scalar is: null, a truth value or number where it reads as one, else a text.
Json scalar_json(const YamlNode& node) {
  double number = 0;
  if (parse_number(node, number)) return Json::accept(node.text) ? Json::parse(node.text) : Json(number);
  for (const char* word : {"true", "false", "null"})
    if (node.is_plain(word)) return Json::parse(word);
  return node.text;
}

Json any_json(const YamlNode& node) {
  Json json;
  if (node.is_scalar()) json = scalar_json(node);
  if (node.kind == YamlNode::Kind::kList) json = Json::array();
  if (node.kind == YamlNode::Kind::kMap) json = Json::object();
  for (const YamlNode& item : node.items) json.push_back(any_json(item));
  for (const auto& entry : node.entries) json[entry.key] = any_json(entry.value);
  return json;
}

Json or_environment(Json schema) {
  return {{"anyOf", {std::move(schema), {{"type", "string"}, {"pattern", "^\\$\\{env:.*\\}$"}}}}};
}

Json number_schema(const char* type, const Limits& limits) {
  Json schema{{"type", type}};
  if (std::isfinite(limits.min)) schema[limits.above_min ? "exclusiveMinimum" : "minimum"] = limits.min;
  if (std::isfinite(limits.max)) schema[limits.below_max ? "exclusiveMaximum" : "maximum"] = limits.max;
  return or_environment(schema);
}

Json integer_schema(Limits limits) {
  limits.min = std::max(limits.min, 0.0);
  return number_schema("integer", limits);
}

std::string integer_words(Limits limits) {
  limits.min = std::max(limits.min, 0.0);
  return "an integer" + limits.range_words();
}

}  // namespace

void Slot::refuse(const std::string& wanted, const std::string& hint) const {
  if (is_secret(node)) throw Error(Topic::kSecret, "{}: {} takes no secret", node.mark.str(), path);
  throw Error(Topic::kWrongValue, "{}: {} must be {}, not {}{}", node.mark.str(), path, wanted,
              what_is_there(node), hint);
}

void read_value(const Slot& slot, bool& value) {
  const auto is = [&](auto... words) { return (slot.node.is_plain(words) || ...); };
  value = is("true", "True", "TRUE");
  if (!value && !is("false", "False", "FALSE")) slot.refuse(words_of(value, slot.limits));
}

void read_value(const Slot& slot, double& value) {
  if (!parse_number(slot.node, value) || !std::isfinite(value) || !slot.limits.allows(value)) {
    slot.refuse(words_of(value, slot.limits));
  }
}

void read_value(const Slot& slot, std::uint32_t& value) {
  read_integer(slot, value);
}

void read_value(const Slot& slot, std::uint64_t& value) {
  read_integer(slot, value);
}

void read_value(const Slot& slot, std::string& value) {
  if (!slot.node.is_scalar() || !slot.limits.allows(std::string_view(slot.node.text))) {
    const bool near = slot.node.is_scalar() && !slot.limits.words.empty();
    slot.refuse(slot.limits.text_words(), near ? suggestion(slot.node.text, slot.limits.words) : "");
  }
  value = slot.node.text;
}

void read_value(const Slot& slot, SourceText& value) {
  read_value(slot, value.text);
  value.mark = slot.node.mark;
  value.verbatim = slot.node.verbatim;
}

// What stands there instead may be the secret itself: it is not shown.
void read_value(const Slot& slot, Secret& value) {
  if (is_secret(slot.node)) {
    value = {slot.node.find(kSecretKey)->value.text, slot.node.mark};
    return;
  }
  const auto* entry = slot.node.find(kSecretKey);
  const bool is_reference = entry != nullptr && slot.node.entries.size() == 1;
  throw Error(Topic::kSecret, "{}: {} must be {}: a secret has no place in a file like this",
              is_reference ? entry->value.mark.str() : slot.node.mark.str(),
              is_reference ? slot.path + "." + kSecretKey : slot.path,
              is_reference ? "env:NAME or file:PATH" : words_of(value, slot.limits));
}

void read_value(const Slot& slot, Action& value) {
  std::string word;
  read_value(Slot{slot.node, slot.path, action_limits()}, word);
  for (std::size_t i = 0; i < kActions.size(); ++i) {
    if (word == kActions.at(i)) value = static_cast<Action>(i);
  }
}

void read_value(const Slot& slot, SplitPart& value) {
  value = {};
  const bool is_truth_value = slot.node.is_plain("true") || slot.node.is_plain("false");
  if (!slot.node.is_scalar() || slot.node.text.empty() || is_truth_value)
    slot.refuse(words_of(value, slot.limits));
  if (parse_number(slot.node, value.share)) {
    read_value(slot, value.share);
  } else {
    value.share = 0;
    read_value(Slot{slot.node, slot.path, {}}, value.expression.emplace());
  }
}

void read_value(const Slot& slot, AnyValue& value) {
  if (is_secret(slot.node)) slot.refuse(words_of(value, slot.limits));
  value.json = canonical_json(any_json(slot.node));
}

OrderedJson write_value(bool value) {
  return value;
}
OrderedJson write_value(double value) {
  return value;
}
OrderedJson write_value(std::uint32_t value) {
  return value;
}
OrderedJson write_value(std::uint64_t value) {
  return value;
}
OrderedJson write_value(const std::string& value) {
  return value;
}
OrderedJson write_value(const SourceText& value) {
  return value.text;
}
OrderedJson write_value(const Secret& value) {
  return {{kSecretKey, value.reference}};
}
OrderedJson write_value(Action value) {
  return kActions.at(static_cast<std::size_t>(value));
}
OrderedJson write_value(const SplitPart& value) {
  return value.expression ? write_value(*value.expression) : write_value(value.share);
}
OrderedJson write_value(const AnyValue& value) {
  return OrderedJson::parse(value.json);
}

std::string words_of(bool, const Limits&) {
  return "true or false";
}
std::string words_of(double, const Limits& limits) {
  return "a number" + limits.range_words();
}
std::string words_of(std::uint32_t, const Limits& limits) {
  return integer_words(limits);
}
std::string words_of(std::uint64_t, const Limits& limits) {
  return integer_words(limits);
}
std::string words_of(const std::string&, const Limits& limits) {
  return limits.text_words();
}
std::string words_of(const SourceText&, const Limits& limits) {
  return limits.text_words();
}
std::string words_of(const Secret&, const Limits&) {
  return "${secret:env:NAME} or ${secret:file:PATH}";
}
std::string words_of(Action, const Limits&) {
  return action_limits().text_words();
}
std::string words_of(const SplitPart&, const Limits& limits) {
  return "a share" + limits.range_words() + ", or an expression";
}
std::string words_of(const AnyValue&, const Limits&) {
  return "a value as the key takes it";
}

Json schema_of(bool, const Limits&) {
  return or_environment({{"type", "boolean"}});
}
Json schema_of(double, const Limits& limits) {
  return number_schema("number", limits);
}
Json schema_of(std::uint32_t, const Limits& limits) {
  return integer_schema(limits);
}
Json schema_of(std::uint64_t, const Limits& limits) {
  return integer_schema(limits);
}
// Plain numbers and truth values are texts where a text is wanted ("positive: 1").
Json schema_of(const std::string&, const Limits& limits) {
  if (!limits.pattern.regex.empty()) {
    return or_environment(
        {{"anyOf", {{{"enum", limits.words}}, {{"pattern", "^" + limits.pattern.regex + "$"}}}}});
  }
  if (!limits.words.empty()) return or_environment({{"enum", limits.words}});
  if (limits.form == TextForm::kCharacter || limits.form == TextForm::kCharacterOrNone)
    return or_environment({{"type", "string"}, {"maxLength", 1}});
  if (limits.form == TextForm::kCharacterOrAuto)
    return or_environment({{"type", "string"}, {"pattern", "^(.|auto)$"}});
  Json schema{{"type", {"string", "number", "boolean"}}};
  if (limits.required) schema["minLength"] = 1;
  return schema;
}
Json schema_of(const SourceText& value, const Limits& limits) {
  return schema_of(value.text, limits);
}
Json schema_of(const Secret&, const Limits&) {
  const Json reference{{"type", "string"}, {"pattern", "^(env|file):.+"}};
  return {{"anyOf",
           {{{"type", "string"}, {"pattern", "^\\$\\{secret:(env|file):.+\\}$"}},
            {{"type", "object"},
             {"properties", {{kSecretKey, reference}}},
             {"required", {kSecretKey}},
             {"additionalProperties", false}}}}};
}
Json schema_of(Action, const Limits&) {
  return schema_of(std::string(), action_limits());
}
Json schema_of(const SplitPart&, const Limits& limits) {
  return {{"anyOf", {number_schema("number", limits), {{"type", "string"}}}}};
}
Json schema_of(const AnyValue&, const Limits&) {
  return {{"type", {"array", "boolean", "null", "number", "object", "string"}}};
}

}  // namespace millrace
