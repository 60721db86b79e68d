#include "alerts/run_metrics.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <memory>

#include "alerts/metrics_folder.hpp"
#include "base/file.hpp"
#include "base/log.hpp"
#include "base/prometheus_text.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace millrace {

namespace {

struct Family {
  const char* name;
  const char* help;
};

// All of them gauges.
constexpr std::array kFamilies = std::to_array<Family>({
    {"millrace_run_start_timestamp_seconds", "When the newest run began"},
    {"millrace_run_in_progress", "1 from a run's beginning to its end; stays 1 after one that was killed"},
    {"millrace_run_ranks", "Of the newest run"},
    {"millrace_run_end_timestamp_seconds", "When a run ended last"},
    {"millrace_run_duration_seconds", "Of the run that ended last"},
    {"millrace_run_exit_code", "Of the run that ended last; 75: stopped early, to be run again"},
    {"millrace_run_last_success_timestamp_seconds", "When a run ended well last"},
    {"millrace_stage_duration_seconds", "Of each stage, when it did something last"},
    {"millrace_stage_cached", "1 where the newest run found the stage's result already there"},
    {"millrace_dataset_rows", "Rows that were read and accepted"},
    {"millrace_dataset_rejected_rows", "Records that were rejected"},
    {"millrace_training_loss", "Of the last epoch, over training or validation rows"},
    {"millrace_training_samples_per_second", "Speed of the last epoch"},
    {"millrace_model_metric", "Of the newest model, on validation or test rows, by its name in scikit-learn"},
});

class RunMetrics {
 public:
  RunMetrics(const std::string& folder, const std::string& pipeline, const std::string& model)
      : folder_(folder),
        path_(metrics_file(folder, pipeline)),
        labels_(label_list({{"pipeline", pipeline}, {"model", model}})) {}

  void hear(const Json& event) {
    if (is_broken_) return;
    try {
      if (learn(event)) publish();
    } catch (...) {
      is_broken_ = true;
      log_loss(current_error());
    }
  }

 private:
  // Whether it is something to publish.
  bool learn(const Json& event) {
    const auto name = event.at("event").get<std::string>();
    if (name == "run.start") return begin(event), true;
    if (name == "train.epoch") return learn_epoch(event), false;
    if (name == "stage.done") return learn_stage(event), !event.at("cached").get<bool>();
    if (name == "run.done") return end(event), true;
    return false;
  }

  void begin(const Json& event) {
    remove_abandoned_files(folder_);
    read_earlier();
    set("millrace_run_start_timestamp_seconds", time_of(event));
    set("millrace_run_in_progress", 1);
    set("millrace_run_ranks", event.at("ranks"));
  }

  void learn_epoch(const Json& event) {
    set("millrace_training_loss", event.at("train_loss"), {{"rows", "training"}});
    if (event.contains("validation_loss"))
      set("millrace_training_loss", event["validation_loss"], {{"rows", "validation"}});
    set("millrace_training_samples_per_second", event.at("samples_per_second"));
  }

  void learn_stage(const Json& event) {
    const auto stage = event.at("stage").get<std::string>();
    const bool cached = event.at("cached");
    set("millrace_stage_cached", cached ? 1 : 0, {{"stage", stage}});
    if (!cached) set("millrace_stage_duration_seconds", event.at("seconds"), {{"stage", stage}});
    const Json& output = event.at("output");
    if (stage == "ingest") {
      set("millrace_dataset_rows", output.at("rows"));
      set("millrace_dataset_rejected_rows", output.at("rejected"));
    }
    if (stage != "evaluate") return;
    for (const char* part : {"validation", "test"}) learn_model(part, output.at(part));
  }

  void learn_model(const std::string& part, const Json& metrics) {
    for (const auto& [name, value] : metrics.items()) {
      if (value.is_number()) set("millrace_model_metric", value, {{"metric", name}, {"rows", part}});
    }
  }

  void end(const Json& event) {
    set("millrace_run_in_progress", 0);
    set("millrace_run_end_timestamp_seconds", time_of(event));
    set("millrace_run_duration_seconds", event.at("seconds"));
    set("millrace_run_exit_code", event.at("exit_code"));
    if (event["exit_code"] == 0) set("millrace_run_last_success_timestamp_seconds", time_of(event));
  }

  static double time_of(const Json& event) { return parse_rfc3339(event.at("time").get<std::string>()); }

  void set(const std::string& family, double value,
           std::initializer_list<std::pair<std::string_view, std::string_view>> labels = {}) {
    const std::string more = label_list(labels);
    values_[family][more.empty() ? labels_ : labels_ + "," + more] = value;
  }

  // What the file of earlier runs has of this pipeline and model, as text() writes it. A file that somebody
  // has damaged is as none.
  void read_earlier() {
    if (!path_exists(path_)) return;
    for (const std::string& line : split(read_file(path_), '\n')) {
      const auto open = line.find('{');
      const auto close = line.rfind("} ");
      if (line.starts_with('#') || close == std::string::npos || open > close) continue;
      const std::string labels = line.substr(open + 1, close - open - 1);
      const char* const begin = line.data() + close + 2;
      double value = 0;
      const auto [end, error] = std::from_chars(begin, line.data() + line.size(), value);
      if (error == std::errc() && labels.starts_with(labels_)) values_[line.substr(0, open)][labels] = value;
    }
  }

  [[nodiscard]] std::string text() const {
    PrometheusText text;
    for (const Family& family : kFamilies) {
      const auto found = values_.find(family.name);
      if (found == values_.end()) continue;
      text.family(family.name, "gauge", family.help);
      for (const auto& [labels, value] : found->second) text.sample(family.name, labels, value);
    }
    return text.text();
  }

  void publish() const { publish_file(path_, text()); }

  std::string folder_;
  std::string path_;
  std::string labels_;
  std::map<std::string, std::map<std::string, double>> values_;  // family → labels → value
  bool is_broken_ = false;
};

}  // namespace

EventListener run_metrics(const std::string& folder, const std::string& pipeline, const std::string& model) {
  auto metrics = std::make_shared<RunMetrics>(folder, pipeline, model);
  return [metrics](const Json& event) { metrics->hear(event); };
}

}  // namespace millrace
