#include "base/text.hpp"
#include "report/html.hpp"
#include "report/sections.hpp"

namespace millrace {

namespace {

using html::part;

constexpr std::size_t kMostSources = 50;

std::string digest(const Json& hex) {
  return hex.is_string() ? "<code class=\"wrap\">" + html::text(hex) + "</code>" : "–";
}

std::string versions(const Json& run) {
  std::vector<std::vector<std::string>> rows;
  const auto add = [&](const char* name, const Json& value) {
    if (!value.is_null()) rows.push_back({name, digest(value)});
  };
  add("configuration", part(run, {"config_digest"}));
  add("code", part(run, {"code_version"}));
  add("dataset", part(run, {"dataset", "version"}));
  add("features", part(run, {"features", "version"}));
  add("weights", part(run, {"model", "weights_sha256"}));
  add("artifact", part(run, {"outputs", "package", "artifact"}));
  return rows.empty() ? "" : html::table({"what", "version"}, rows, false);
}

std::string sources(const Json& dataset) {
  const Json& files = part(dataset, {"sources"});
  if (!files.is_array() || files.empty()) return "";
  std::vector<std::vector<std::string>> rows;
  for (const Json& file : files) {
    if (rows.size() == kMostSources) break;
    rows.push_back({html::text(part(file, {"name"})), human_bytes(html::number(part(file, {"bytes"}))),
                    digest(part(file, {"sha256"}))});
  }
  std::string out = fmt::format("<details><summary>{} source {}</summary>\n", files.size(),
                                files.size() == 1 ? "file" : "files");
  out += html::table({"file", "size", "SHA-256"}, rows, false);
  if (rows.size() < files.size()) out += fmt::format("<p class=\"quiet\">The first {}.</p>\n", rows.size());
  return out + "</details>\n";
}

}  // namespace

std::string render_lineage(const ReportInput& input) {
  return html::section("lineage", "Lineage", versions(input.run) + sources(input.dataset));
}

std::string render_configuration(const ReportInput& input) {
  if (input.config_yaml.empty()) return "";
  return html::section("configuration", "Configuration",
                       "<details><summary>with every default filled in</summary>\n<pre>" +
                           html::escape(input.config_yaml) + "</pre>\n</details>\n");
}

}  // namespace millrace
