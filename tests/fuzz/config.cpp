// A configuration file, behind an optional first line "--set key=value": refused with its place, or taken as
// a configuration that, written out, reads back to the same.
#include "config/config.hpp"

#include "fuzz/harness.hpp"

namespace millrace::fuzzing {

namespace {

constexpr std::string_view kSet = "--set ";

PipelineConfig read(std::string text) {
  std::vector<std::string> overrides;
  if (text.starts_with(kSet)) overrides.push_back(take_line(text).substr(kSet.size()));
  return parse_config(text, "fuzz.yaml", overrides);
}

void check_place(const Error& error) {
  require(error.code() == ExitCode::kUsage, "an error of the wrong kind", error.message());
  require(error.message().starts_with("fuzz.yaml:") || error.message().starts_with("--set"),
          "an error without a place", error.message());
}

}  // namespace

void fuzz(const std::string& input) {
  PipelineConfig config;
  try {
    config = read(input);
  } catch (const Error& error) {
    return check_place(error);
  }
  const std::string yaml = config_to_yaml(config);
  const std::string before = canonical_json(config_to_json(config));
  try {
    require(canonical_json(config_to_json(parse_config(yaml, "resolved.yaml"))) == before,
            "written out, it reads back as another", yaml);
  } catch (const Error& error) {
    fail("written out, it is refused: " + error.message(), yaml);
  }
}

}  // namespace millrace::fuzzing
