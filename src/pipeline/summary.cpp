#include "pipeline/summary.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "base/text.hpp"

namespace millrace {

namespace {

std::string brief(const Json& digest) {
  return digest.get<std::string>().substr(0, 12);
}

std::string count(const Json& output, const char* key) {
  return human_count(output.at(key).get<std::uint64_t>());
}

std::string describe_ingest(const Json& o) {
  return fmt::format("{} rows, {} rejected, {} columns, dataset {}", count(o, "rows"), count(o, "rejected"),
                     count(o, "columns"), brief(o["dataset"]));
}
std::string describe_validate(const Json& o) {
  return fmt::format("{} checks passed, {} warnings, {} failed", count(o, "passed"), count(o, "warnings"),
                     count(o, "failed"));
}
std::string describe_features(const Json& o) {
  return fmt::format("{} inputs from {} columns; rows: train {}, validation {}, test {}; features {}",
                     count(o, "inputs"), count(o, "columns"), count(o, "train"), count(o, "validation"),
                     count(o, "test"), brief(o["features"]));
}
std::string describe_train(const Json& o) {
  return fmt::format("{} steps, best epoch {}, {} samples/s on {}, weights {}", count(o, "steps"),
                     count(o, "best_epoch"),
                     human_count(static_cast<std::uint64_t>(o["samples_per_second"].get<double>())),
                     o["device"].get<std::string>(), brief(o["weights"]));
}
std::string describe_evaluate(const Json& o) {
  return "test " + describe_metrics(o.at("test")) + "; gate: " + o.at("gate").at("reason").get<std::string>();
}
std::string describe_register(const Json& o) {
  return fmt::format("{}/{}", o["model"].get<std::string>(), o["version"].get<std::uint64_t>());
}
std::string describe_package(const Json& o) {
  return fmt::format("artifact {}, {}", brief(o["artifact"]), human_bytes(o["bytes"].get<double>()));
}
std::string describe_deploy(const Json& o) {
  const bool held = o.value("outcome", "") == "held";
  return fmt::format("endpoint {} {} {}/{}", o["endpoint"].get<std::string>(),
                     held ? "still tries" : "answers with", o["model"].get<std::string>(),
                     o["version"].get<std::uint64_t>());
}

}  // namespace

std::string describe_metrics(const std::vector<std::pair<std::string, double>>& metrics) {
  std::vector<std::string> parts;
  for (const char* name : {"auc", "log_loss", "accuracy", "rmse", "mae", "r2"}) {
    const auto metric = std::ranges::find(metrics, name, &std::pair<std::string, double>::first);
    if (metric != metrics.end()) parts.push_back(fmt::format("{} {:.4f}", name, metric->second));
  }
  return join(parts, ", ");
}

std::string describe_metrics(const Json& metrics) {
  std::vector<std::pair<std::string, double>> numbers;
  for (const auto& [name, value] : metrics.items()) {
    if (value.is_number()) numbers.emplace_back(name, value.get<double>());
  }
  return describe_metrics(numbers);
}

void summarize(Json& run, const Outputs& outputs) {
  run["outputs"] = outputs;
  if (outputs.contains("ingest")) {
    const Json& o = outputs["ingest"];
    run["dataset"] = {{"name", run["pipeline"]},
                      {"version", o["dataset"]},
                      {"rows", o["rows"]},
                      {"rejected", o["rejected"]}};
  }
  if (outputs.contains("features")) run["features"] = {{"version", outputs["features"]["features"]}};
  if (outputs.contains("train")) run["model"]["weights_sha256"] = outputs["train"]["weights"];
  if (outputs.contains("evaluate")) {
    run["metrics"] = {{"validation", outputs["evaluate"]["validation"]},
                      {"test", outputs["evaluate"]["test"]}};
  }
  if (outputs.contains("register")) {
    run["model"]["name"] = outputs["register"]["model"];
    run["model"]["version"] = outputs["register"]["version"];
  }
}

std::string describe_output(const std::string& stage, const Json& output) {
  static const std::map<std::string, std::function<std::string(const Json&)>> kDescriptions{
      {"ingest", describe_ingest},   {"validate", describe_validate}, {"features", describe_features},
      {"train", describe_train},     {"evaluate", describe_evaluate}, {"register", describe_register},
      {"package", describe_package}, {"deploy", describe_deploy}};
  return kDescriptions.at(stage)(output);
}

}  // namespace millrace
