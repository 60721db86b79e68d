#include "base/text.hpp"
#include "cli/options.hpp"
#include "cost/allocation.hpp"
#include "cost/describe.hpp"
#include "pipeline/run_status.hpp"
#include "pipeline/summary.hpp"

namespace millrace {

namespace {

void print_status_field(const char* name, const std::string& text) {
  fmt::print("{:<11} {}\n", name, text);
}

std::string count(const Json& value) {
  return human_count(value.is_null() ? 0 : static_cast<std::uint64_t>(value.get<double>()));
}

std::string describe_state(const Json& status) {
  const bool running = status["status"] == "running";
  std::string text = status.value("status", "");
  if (!status["seconds"].is_null())
    text += (running ? " for " : " after ") + human_seconds(status["seconds"].get<double>());
  const Json exit_code = status.value("exit_code", Json());
  if (exit_code.is_number()) text += fmt::format(", exit code {}", exit_code.get<int>());
  if (running && status.contains("last_event_seconds"))
    text += ", last heard of " + human_seconds(status["last_event_seconds"].get<double>()) + " ago";
  return text;
}

std::string describe_place(const Json& status) {
  std::string text =
      fmt::format("{} rank{}, started by process {} on {}", status.value("ranks", 0),
                  status.value("ranks", 0) == 1 ? "" : "s", status.value("pid", 0), status.value("host", ""));
  const Json job = status.value("/slurm/job_id"_json_pointer, Json());
  if (!job.is_null()) text += ", Slurm job " + (job.is_string() ? job.get<std::string>() : job.dump());
  return text;
}

std::string describe_stage(const Json& stage) {
  const std::string state = stage.value("state", "");
  const std::string time = human_seconds(stage.value("seconds", 0.0));
  const bool ended = state == "done" || state == "cached";
  return fmt::format("{:<9} {:>8}{}", stage.value("name", ""), state == "cached" ? state : time,
                     ended ? "" : "  " + state);
}

// Loss, speed and time left as far as they are known.
std::string describe_training(const Json& training) {
  std::string text =
      fmt::format("epoch {}/{} · step {}/{}", training.value("epoch", 0), training.value("epochs", 0),
                  count(training["step"]), count(training["steps"]));
  if (training.contains("loss")) text += fmt::format(" · loss {:.4f}", training["loss"].get<double>());
  if (training.contains("validation_loss"))
    text += fmt::format(" · validation loss {:.4f}", training["validation_loss"].get<double>());
  text += fmt::format(" · {} samples/s", count(training["samples_per_second"]));
  const Json left = training.value("seconds_left", Json());
  if (left.is_number()) text += fmt::format(" · at most {} left", human_seconds(left.get<double>()));
  return text;
}

void print_status(const Json& status) {
  print_status_field("run", fmt::format("{} ({})", status.value("run", ""), status.value("pipeline", "")));
  print_status_field("status", describe_state(status));
  print_status_field("where", describe_place(status));
  const char* title = "stages";
  for (const Json& stage : status["stages"])
    print_status_field(std::exchange(title, ""), describe_stage(stage));
  const Json cost = status.value("cost", Json::object());
  if (cost.contains("cores"))
    print_status_field("cost", describe(recorded_cost(cost), cost.value("currency", "")));
  if (status.contains("training")) print_status_field("training", describe_training(status["training"]));
  if (status.contains("checkpoint")) {
    const Json& checkpoint = status["checkpoint"];
    print_status_field("checkpoint", fmt::format("step {}, {} ago", count(checkpoint["step"]),
                                                 human_seconds(checkpoint.value("age_seconds", 0.0))));
  }
  const Json test = status.value("/metrics/test"_json_pointer, Json());
  if (test.is_object()) print_status_field("test", describe_metrics(test));
  const Json error = status.value("error", Json());
  if (error.is_object())
    print_status_field("error", fmt::format("{}: {}", error.value("stage", ""), error.value("message", "")));
  const std::string topic = status.value("/error/topic"_json_pointer, "");
  if (!topic.empty()) print_status_field("", "millrace explain " + topic);
  print_status_field("folder", status.value("folder", ""));
}

int run_status(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()("run", po::value<std::string>()->default_value("latest"), "a run's name, or latest");
  const auto values = parse_options(self, arguments, options, {"run"}, comm);
  if (!values) return 0;
  const Json status = run_status(Workspace(workspace_of(*values)), (*values)["run"].as<std::string>());
  if (values->count("json") > 0) return fmt::print("{}", pretty_json(status)), 0;
  print_status(status);
  return 0;
}

}  // namespace

Command status_command() {
  return {"status", "[RUN] [options]", "Show what a run is doing, or how it ended", "millrace status latest",
          false,    run_status};
}

}  // namespace millrace
