#include "deployment/abtest.hpp"

#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/deploy/actions.hpp"
#include "deployment/endpoint.hpp"
#include "deployment/endpoint_changes.hpp"
#include "deployment/endpoint_journal.hpp"
#include "deployment/judge.hpp"
#include "evaluation/bootstrap.hpp"
#include "ingestion/csv.hpp"
#include "packaging/artifact.hpp"
#include "storage/objects.hpp"

namespace millrace {

namespace {

constexpr std::uint32_t kResamples = 1000;

struct Arms {
  Deployed newer;  // what `deploy rollback` would take back
  Deployed older;
};

struct ArmResult {
  std::size_t rows = 0;
  std::map<std::string, Estimate> metrics;
};

Labels read_labels(const std::string& path, const po::variables_map& values) {
  const std::string id = text_of(values, "id-column");
  const std::string label = text_of(values, "label-column");
  const std::string row = text_of(values, "row-column");
  std::vector<Field> fields{{id, ColumnType::kText}, {label, ColumnType::kText}};
  if (!row.empty()) fields.push_back({row, ColumnType::kInteger});
  const Table table = read_csv_table(path, DataConfig{}, Schema(std::move(fields)));
  Labels labels;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (!table[id].is_valid(i) || !table[label].is_valid(i)) continue;
    const std::uint64_t index = row.empty() ? 0 : static_cast<std::uint64_t>(table[row].integers[i]);
    labels[{std::string(table[id].text(i)), index}] = std::string(table[label].text(i));
  }
  return labels;
}

Arms arms_of(const std::string& root, const std::string& endpoint) {
  EndpointJournal journal(root, endpoint);
  const auto& state = journal.standing().state;
  if (!state) throw Error(Topic::kNothingDeployed, "nothing is deployed at endpoint '{}'", endpoint);
  const auto newer = newest_in_trial(*state);
  if (!newer) {
    throw Error(Topic::kNoDeployment, "endpoint '{}' has had one version alone, {}", endpoint,
                name_of(state->current));
  }
  return {*newer, state->candidate ? state->current : *state->previous};
}

ArmResult measure(LabelledAnswers answers, const TargetPlan& target, double threshold) {
  EvaluationOptions options;
  options.task = parse_task(target.task);
  options.outputs = target.task == "multiclass" ? target.classes.size() : 1;
  options.threshold = threshold;
  const auto self = Communicator::self();
  ArmResult result{answers.targets.size(), {}};
  const std::vector<ScoredShard> shards{{0, std::move(answers.predictions), std::move(answers.targets)}};
  const Evaluation evaluation = evaluate(self, shards, 1, options);
  const Bootstrap bootstrap = bootstrap_metrics(self, shards, 1, options, kResamples);
  for (const auto& [name, interval] : bootstrap.intervals) {
    const auto value = evaluation.metrics.find(name);
    if (value != evaluation.metrics.end())
      result.metrics[name] = {value->second, interval.first, interval.second};
  }
  return result;
}

const Estimate& metric_of(const ArmResult& result, const std::string& metric, const Deployed& version) {
  const auto found = result.metrics.find(metric);
  if (found != result.metrics.end()) return found->second;
  std::vector<std::string> known;
  for (const auto& [name, value] : result.metrics) known.push_back(name);
  throw Error(Topic::kUnknownName, "the {} labelled rows of {} give no {}{}; they give {}", result.rows,
              name_of(version), millrace::quoted(metric), suggestion(metric, known), join(known, ", "));
}

Json to_document(const Estimate& estimate) {
  return {{"value", estimate.value}, {"interval", {estimate.low, estimate.high}}};
}

Json to_document(const Deployed& version, const ArmResult& result) {
  Json metrics = Json::object();
  for (const auto& [name, estimate] : result.metrics) metrics[name] = to_document(estimate);
  return {
      {"model", version.model}, {"version", version.version}, {"rows", result.rows}, {"metrics", metrics}};
}

void print_arm(const Deployed& version, const ArmResult& result) {
  fmt::print("{}: {} labelled rows\n", name_of(version), result.rows);
  for (const auto& [name, estimate] : result.metrics)
    fmt::print("  {:<18} {:.4f} [{:.4f}, {:.4f}]\n", name, estimate.value, estimate.low, estimate.high);
}

struct Comparison {
  Arms arms;
  ArmResult newer;
  ArmResult older;
  std::string metric;
  Estimate difference;
};

Comparison measure_arms(const Command& self, const po::variables_map& values, const std::string& root,
                        const std::string& endpoint) {
  const Arms arms = arms_of(root, endpoint);
  const TargetPlan target =
      read_artifact(Workspace(root).object_path(arms.older.artifact)).scorer.plan().target;
  const Labels labels = read_labels(required_text(self, values, "labels"), values);
  auto answers = labelled_answers(root, endpoint, labels, target);
  const double threshold = values["threshold"].as<double>();
  Comparison found{arms,
                   measure(std::move(answers[arms.newer.version]), target, threshold),
                   measure(std::move(answers[arms.older.version]), target, threshold),
                   text_of(values, "metric"),
                   {}};
  if (found.metric.empty()) found.metric = target.task == "regression" ? "rmse" : "accuracy";
  found.difference = difference_between(metric_of(found.newer, found.metric, arms.newer),
                                        metric_of(found.older, found.metric, arms.older));
  return found;
}

Json to_document(const Comparison& found, const AbVerdict& verdict) {
  return {{"newer", to_document(found.arms.newer, found.newer)},
          {"older", to_document(found.arms.older, found.older)},
          {"metric", found.metric},
          {"difference", to_document(found.difference)},
          {"worse", verdict.worse},
          {"reason", verdict.reason}};
}

void print_comparison(const Comparison& found, const AbVerdict& verdict) {
  print_arm(found.arms.newer, found.newer);
  print_arm(found.arms.older, found.older);
  fmt::print("{}: {}\n", found.metric, verdict.reason);
}

// --rollback-margin, else the configuration's; nothing where neither says one.
std::optional<double> margin_of(const po::variables_map& values, const Communicator& comm) {
  if (values.count("rollback-margin") > 0) return values["rollback-margin"].as<double>();
  if (values.count("config") == 0) return std::nullopt;
  return load_pipeline_config(values, comm).deployment.accuracy_margin;
}

// A margin makes it act on the verdict.
int compare(const Command& self, const po::variables_map& values, std::optional<double> margin) {
  const std::string root = workspace_of(values);
  const std::string endpoint = required_text(self, values, "endpoint");
  const Comparison found = measure_arms(self, values, root, endpoint);
  const AbVerdict verdict =
      judge_difference(found.difference, margin.value_or(0), larger_is_better(found.metric));
  const Json document = to_document(found, verdict);
  values.count("json") > 0 ? fmt::print("{}", pretty_json(document)) : print_comparison(found, verdict);
  if (!margin || !verdict.worse) return 0;
  const std::string reason = fmt::format("{} by labels: {}", found.metric, verdict.reason);
  (void)roll_back(root, endpoint, reason, {{"abtest", document}});
  throw Error(Topic::kRolledBack, "{} is rolled back at endpoint '{}': {}", name_of(found.arms.newer),
              endpoint, reason);
}

// On one rank; the measures of evaluation/ are collectives, which need MPI all the same.
int run_deploy_abtest(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = endpoint_options();
  options.add_options()                                                                                 //
      ("labels", po::value<std::string>(), "a CSV file: what was right, by request")                    //
      ("id-column", po::value<std::string>()->default_value("id"), "the request's id in it")            //
      ("row-column", po::value<std::string>(), "the row in the request, from 0; by default all are 0")  //
      ("label-column", po::value<std::string>()->default_value("label"), "what was right")              //
      ("metric", po::value<std::string>(), "that decides; by default accuracy, or rmse")                //
      ("threshold", po::value<double>()->default_value(0.5), "probability of a positive answer")        //
      ("rollback-margin", po::value<double>(),
       "roll the newer version back if it is worse by more; by default deployment.accuracy_margin of "
       "--config");
  const auto values = parse_options(self, arguments, options, {"endpoint"}, comm);
  if (!values) return 0;
  const auto margin = margin_of(*values, comm);
  return comm.agree([&] { return comm.is_root() ? compare(self, *values, margin) : 0; });
}

}  // namespace

Command deploy_abtest_action() {
  return {"deploy abtest",
          "ENDPOINT --labels FILE.csv [--rollback-margin M] [options]",
          "Both versions' metrics with intervals, once labels have come; may roll back",
          "millrace deploy abtest churn --labels truth.csv --rollback-margin 0.02",
          true,
          run_deploy_abtest};
}

}  // namespace millrace
