#include <algorithm>
#include <cstdio>

#include <fmt/ranges.h>

#include "base/publish.hpp"
#include "base/topics.hpp"
#include "cli/artifact_reference.hpp"
#include "cli/options.hpp"
#include "ingestion/csv.hpp"
#include "packaging/artifact.hpp"
#include "ingestion/dialect.hpp"
#include "table/format.hpp"

namespace millrace {

namespace {

std::string header(const TargetPlan& target) {
  if (target.task == "regression") return "prediction\n";
  if (target.task == "binary") return "probability,class\n";
  std::string line = "class";
  for (const std::string& name : target.classes) line += fmt::format(",\"probability of {}\"", name);
  return line + "\n";
}

std::string format_prediction(const TargetPlan& target, std::span<const float> values) {
  if (target.task == "regression") return fmt::format("{}\n", values[0]);
  if (target.task == "binary")
    return fmt::format("{},{}\n", values[0], target.classes.at(values[0] >= 0.5F ? 1 : 0));
  const auto best = static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
  return fmt::format("{},{}\n", target.classes.at(best), fmt::join(values, ","));
}

std::string score(const Artifact& model, const Table& table) {
  Scorer::Workspace workspace;
  std::vector<float> predictions;
  model.scorer.answer(table, workspace, predictions);
  const TargetPlan& target = model.scorer.plan().target;
  std::string text = header(target);
  const std::size_t width = model.scorer.outputs();
  for (std::size_t row = 0; row < table.rows(); ++row) {
    text += format_prediction(target, std::span(predictions).subspan(row * width, width));
  }
  return text;
}

int run(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                                                     //
      ("model", po::value<std::string>(), "MODEL[/VERSION|@ALIAS], or an artifact's file")  //
      ("data", po::value<std::string>(), "the CSV file to score")                           //
      ("out", po::value<std::string>(), "where the predictions go; default: standard output");
  const auto values = parse_options(self, arguments, options, {"model", "data"}, comm);
  if (!values) return 0;
  if (values->count("data") == 0) throw Error(Topic::kCommandLine, "millrace predict MODEL FILE.csv");
  const Artifact model =
      read_artifact(find_artifact((*values)["model"].as<std::string>(), workspace_of(*values)).path);
  const DataConfig dialect = dialect_from_json(model.lineage.at("dialect"));
  const Table table =
      read_csv_table((*values)["data"].as<std::string>(), dialect, model.scorer.plan().input_schema());
  const std::string text = score(model, table);
  if (values->count("out") > 0) return publish_file((*values)["out"].as<std::string>(), text), 0;
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}

}  // namespace

Command predict_command() {
  return {"predict",
          "MODEL FILE.csv [options]",
          "Score a CSV file with a registered model or an artifact",
          "millrace predict quickstart@champion new-customers.csv --out scores.csv",
          false,
          run};
}

}  // namespace millrace
