#include "base/file.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/package/actions.hpp"
#include "packaging/signature.hpp"
#include "pipeline/summary.hpp"

namespace millrace {

namespace {

void print_artifact_key(const char* key, const std::string& value) {
  fmt::print("  {:<11} {}\n", key, value);
}

std::string shown_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// "tenure integer [months] 0 to 72, may be missing", "contract text (3 levels)"
std::string line_of(const Json& column) {
  std::string line = fmt::format("{} {}", shown_text(column.at("name")), column.value("type", ""));
  if (column.contains("class")) line += fmt::format(" of class {}", shown_text(column["class"]));
  if (column.contains("unit")) line += fmt::format(" [{}]", shown_text(column["unit"]));
  if (column.contains("range"))
    line += fmt::format(" {} to {}", shown_text(column["range"][0]), shown_text(column["range"][1]));
  if (column.contains("level_count")) line += fmt::format(" ({} levels)", column["level_count"].dump());
  if (column.value("may_be_missing", false)) line += ", may be missing";
  return line;
}

void print_contents(const ArtifactContents& contents, const std::string& key) {
  const Json& manifest = contents.manifest;
  fmt::print("{}/{}  {}, target {}\n", shown_text(manifest.at("model")), manifest.at("version").dump(),
             shown_text(manifest.at("task")), shown_text(manifest.at("target")));
  print_artifact_key("format", manifest.at("format").dump());
  for (const Json& input : manifest.at("inputs")) print_artifact_key("input", line_of(input));
  for (const Json& output : manifest.at("outputs")) print_artifact_key("output", line_of(output));
  print_artifact_key("metrics",
                     describe_metrics(manifest.value("/lineage/metrics"_json_pointer, Json::object())));
  for (const char* from : {"dataset", "features", "weights", "evaluation", "code_version"})
    print_artifact_key(from, manifest.at("lineage").value(from, ""));
  for (const auto& [name, bytes] : contents.parts)
    print_artifact_key("part",
                       fmt::format("{:<16} {:>9}", name, human_bytes(static_cast<double>(bytes.size()))));
  print_artifact_key("signed",
                     key.empty() ? "no" : "by the key " + key + " (package verify --signers says whose)");
}

std::string card_of(const ArtifactContents& contents, const std::string& path) {
  if (const std::string* card = contents.find("card.md")) return *card;
  throw Error(Topic::kMissingFile, "artifact '{}' has no card: it was made by an earlier Millrace", path);
}

int run_package_inspect(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = artifact_options();
  options.add_options()("card", "the model card (Markdown)");
  const auto values = parse_options(self, arguments, options, {"artifact"}, comm);
  if (!values) return 0;
  const std::string path = artifact_argument(self, *values).path;
  const ArtifactContents contents = read_contents(path);
  if (values->count("card") > 0) return fmt::print("{}", card_of(contents, path)), 0;
  const std::string key = with_context("artifact '" + path + "'", [&] { return signature_key(contents); });
  if (values->count("json") > 0) {
    fmt::print("{}", pretty_json({{"sha256", digest_of_file(path).hex()},
                                  {"manifest", contents.manifest},
                                  {"signing_key", key.empty() ? Json() : Json(key)}}));
    return 0;
  }
  try {
    print_contents(contents, key);
  } catch (const Json::exception& error) {  // it has its digest, yet was not made by Millrace
    throw Error(Topic::kDamagedArtifact, "artifact '{}': part 'manifest.json': {}", path, error.what());
  }
  return 0;
}

}  // namespace

Command package_inspect_action() {
  return {"package inspect",
          "FILE|MODEL/VERSION [--card] [options]",
          "What an artifact holds: inputs, outputs, metrics, lineage, parts; or its model card",
          "millrace package inspect churn/7 --card",
          false,
          run_package_inspect};
}

}  // namespace millrace
