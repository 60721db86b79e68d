#include "config/config.hpp"

#include <filesystem>

#include "base/file.hpp"
#include "config/check.hpp"
#include "config/describe.hpp"
#include "config/overrides.hpp"
#include "config/reader.hpp"
#include "config/search_space.hpp"
#include "config/writer.hpp"
#include "config/yaml_tree.hpp"
#include "config/yaml_writer.hpp"

namespace millrace {

namespace {

// "..": kept as it is, for a folder on the way may be a symbolic link.
std::string resolve(const std::filesystem::path& folder, const std::string& path) {
  return path.starts_with("./") ? resolve(folder, path.substr(2)) : (folder / path).string();
}

// A program that is named without a folder is looked for by PATH; "./check" beside the file is none of those.
std::string resolve_program(const std::filesystem::path& folder, const std::string& program) {
  if (program.find('/') == std::string::npos) return program;
  const std::string resolved = resolve(folder, program);
  return resolved.find('/') == std::string::npos ? "./" + resolved : resolved;
}

// Addresses and standard input are no paths.
bool is_path(const std::string& source) {
  return source != "-" && source.find("://") == std::string::npos;
}

void resolve_secret(const std::filesystem::path& folder, std::optional<Secret>& secret) {
  constexpr std::string_view kFile = "file:";
  if (!secret || !secret->reference.starts_with(kFile)) return;
  secret->reference = std::string(kFile) + resolve(folder, secret->reference.substr(kFile.size()));
}

void resolve_paths(PipelineConfig& config, const std::string& file) {
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  config.workspace = resolve(folder, config.workspace);
  for (std::string* path : {&config.package.sign_key, &config.deployment.signers})
    if (!path->empty()) *path = resolve(folder, *path);
  std::vector<std::string>& check = config.data.publish_check;
  if (!check.empty()) check.front() = resolve_program(folder, check.front());
  S3Config& s3 = config.data.s3;
  for (auto* secret : {&s3.access_key, &s3.secret_key, &s3.session_token}) resolve_secret(folder, *secret);
  for (SourceText& source : config.data.source) {
    if (!is_path(source.text)) continue;
    const std::string resolved = resolve(folder, source.text);
    source.verbatim = source.verbatim && resolved == source.text;
    source.text = resolved;
  }
}

OrderedJson write_config(PipelineConfig config) {
  return write_section(config);
}

}  // namespace

PipelineConfig load_config(const std::string& path, const std::vector<std::string>& overrides) {
  return parse_config(read_file(path), path, overrides);
}

PipelineConfig parse_config(const std::string& yaml, const std::string& file,
                            const std::vector<std::string>& overrides) {
  YamlNode tree = parse_yaml(yaml, Mark{file, 1, 1});
  for (const std::string& text : overrides) apply_override(tree, text);
  PipelineConfig config;
  read_section(tree, "", config);
  check_config(config, tree);
  check_space(config.tuning, tree);
  resolve_paths(config, file);
  return config;
}

PipelineConfig with_absolute_paths(PipelineConfig config) {
  resolve_paths(config, (std::filesystem::current_path() / "config.yaml").string());
  return config;
}

Json config_to_json(const PipelineConfig& config) {
  return write_config(config);
}

std::string config_to_yaml(const PipelineConfig& config) {
  return yaml_block(write_config(config));
}

}  // namespace millrace
