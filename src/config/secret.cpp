#include "config/secret.hpp"

#include <cstdlib>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::string_view kVariable = "env:";
constexpr std::string_view kFile = "file:";

bool is_of(std::string_view kind, std::string_view reference) {
  return reference.starts_with(kind) && reference.size() > kind.size();
}

}  // namespace

bool is_secret_reference(std::string_view text) {
  return is_of(kVariable, text) || is_of(kFile, text);
}

std::string Secret::reveal() const {
  if (is_of(kFile, reference)) {
    std::string value = with_context(mark.str(), [&] { return read_file(reference.substr(kFile.size())); });
    while (value.ends_with('\n') || value.ends_with('\r')) value.pop_back();
    return value;
  }
  const std::string name = reference.substr(kVariable.size());
  if (const char* value = std::getenv(name.c_str())) return value;
  throw Error(Topic::kEnvironmentVariable, "{}: the environment variable {} is not set", mark.str(), name);
}

}  // namespace millrace
