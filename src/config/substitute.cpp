#include "config/substitute.hpp"

#include <cstdlib>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::string_view kEnv = "env:";
constexpr std::string_view kSecret = "secret:";

// The value of what stands between "${" and "}".
std::string value_of(std::string_view reference, const Mark& mark) {
  if (reference.starts_with(kSecret)) {
    throw Error(Topic::kSecret, "{}: ${{{}}} is a secret, which cannot be a part of a text; write it alone",
                mark.str(), reference);
  }
  if (!reference.starts_with(kEnv)) {
    throw Error(
        Topic::kEnvironmentVariable,
        "{}: ${{{}}} means nothing; write ${{env:NAME}} for an environment variable, $${{ for ${{ itself",
        mark.str(), reference);
  }
  const std::string_view body = reference.substr(kEnv.size());
  const auto dash = body.find(":-");
  const std::string name(body.substr(0, dash));
  if (name.empty())
    throw Error(Topic::kEnvironmentVariable, "{}: ${{{}}} names no environment variable", mark.str(),
                reference);
  if (const char* value = std::getenv(name.c_str())) return value;
  if (dash != std::string_view::npos) return std::string(body.substr(dash + 2));
  throw Error(Topic::kEnvironmentVariable,
              "{}: the environment variable {} is not set; set it, or write ${{env:{}:-default}}", mark.str(),
              name, name);
}

}  // namespace

std::string substitute_environment(std::string_view text, const Mark& mark, bool& substituted) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    if (text.substr(i).starts_with("$${")) {
      result += "${";
      i += 3;
    } else if (text.substr(i).starts_with("${")) {
      const auto end = text.find('}', i);
      if (end == std::string_view::npos) {
        throw Error(Topic::kEnvironmentVariable, "{}: {} has no closing brace", mark.str(),
                    millrace::quoted(text.substr(i)));
      }
      result += value_of(text.substr(i + 2, end - i - 2), mark);
      substituted = true;
      i = end + 1;
    } else {
      result += text[i++];
    }
  }
  return result;
}

std::optional<std::string> secret_reference(std::string_view text) {
  constexpr std::string_view kBegin = "${secret:";
  if (!text.starts_with(kBegin) || text.find('}') != text.size() - 1) return std::nullopt;
  return std::string(text.substr(kBegin.size(), text.size() - kBegin.size() - 1));
}

std::string escape_substitutions(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("${")) result += '$';
    result += text[i];
  }
  return result;
}

}  // namespace millrace
