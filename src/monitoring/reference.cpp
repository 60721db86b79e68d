#include "monitoring/reference.hpp"

#include "base/topics.hpp"

namespace millrace {

namespace {

using Intervals = std::map<std::string, std::pair<double, double>>;

std::vector<ColumnDistribution> columns_of(const Json& document, const char* part) {
  return document.contains(part) ? document[part].at("columns").get<std::vector<ColumnDistribution>>()
                                 : std::vector<ColumnDistribution>{};
}

Json test_of(const ArtifactContents& contents) {
  const std::string* evaluation = contents.find("evaluation.json");
  return evaluation == nullptr ? Json::object()
                               : parse_json(*evaluation, "evaluation.json").value("test", Json::object());
}

std::map<std::string, double> test_metrics(const Json& test) {
  std::map<std::string, double> metrics;
  const Json found = test.value("metrics", Json::object());
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
  const Json test = test_of(contents);
  return {columns_of(document, "inputs"), columns_of(document, "target").at(0),
          columns_of(document, "predictions"), test_metrics(test),
          test.value("/bootstrap/intervals"_json_pointer, Intervals{})};
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
