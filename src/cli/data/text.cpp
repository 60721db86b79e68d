#include "base/text.hpp"

#include "base/topics.hpp"
#include "cli/data/actions.hpp"

namespace millrace {

std::string required_value(const Command& self, const po::variables_map& values, const char* name) {
  if (values.count(name) > 0) return values[name].as<std::string>();
  throw Error(Topic::kCommandLine, "{} is missing: millrace {} {}", name, self.name, self.arguments);
}

void print_named(const Json& changed, const char* kind, bool json) {
  if (json) return fmt::print("{}", pretty_json(changed));
  const Json& version = changed["version"];
  fmt::print("{}@{} {}\n", changed.value("dataset", ""), changed.value(kind, ""),
             version.is_null() ? "deleted" : "is " + brief_digest(version));
}

std::string brief_digest(const Json& hex) {
  return hex.get<std::string>().substr(0, 12);
}

std::string count_text(const Json& document, const char* key) {
  return document.contains(key) ? human_count(document[key].get<std::uint64_t>()) : "?";
}

std::string bytes_text(const Json& document, const char* key) {
  return document.contains(key) ? human_bytes(document[key].get<double>()) : "?";
}

std::string percent_text(const Json& share) {
  return fmt::format("{:.3g} %", 100 * share.get<double>());
}

std::string value_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : fmt::format("{:.6g}", value.get<double>());
}

}  // namespace millrace
