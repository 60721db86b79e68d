#include "monitoring/reference.hpp"

#include "base/topics.hpp"

namespace millrace {

namespace {

std::vector<ColumnDistribution> columns_of(const Json& document, const char* part) {
  return document.contains(part) ? document[part].at("columns").get<std::vector<ColumnDistribution>>()
                                 : std::vector<ColumnDistribution>{};
}

std::map<std::string, double> test_metrics(const ArtifactContents& contents) {
  std::map<std::string, double> metrics;
  const std::string* evaluation = contents.find("evaluation.json");
  if (evaluation == nullptr) return metrics;
  const Json found =
      parse_json(*evaluation, "evaluation.json").value("/test/metrics"_json_pointer, Json::object());
  for (const auto& [name, value] : found.items()) {
    if (value.is_number()) metrics[name] = value.get<double>();
  }
  return metrics;
}

Reference read_reference(const ArtifactContents& contents, const std::string& model) {
  const std::string* bytes = contents.find("reference.json");
  if (bytes == nullptr) {
    throw Error(Topic::kNoReference,
                "{} has no reference.json: its artifact was made by an earlier version of Millrace", model);
  }
  const Json document = parse_json(*bytes, "reference.json");
  return {columns_of(document, "inputs"), columns_of(document, "target").at(0),
          columns_of(document, "predictions"), test_metrics(contents)};
}

}  // namespace

std::string MonitoredModel::name() const {
  return fmt::format("{}/{}", artifact.model, artifact.version);
}

MonitoredModel read_monitored_model(const std::string& path) {
  const ArtifactContents contents = read_contents(path);
  MonitoredModel model{artifact_of(contents), {}};
  model.reference = read_reference(contents, model.name());
  return model;
}

}  // namespace millrace
