#include "monitoring/observed_requests.hpp"

#include <algorithm>

#include "base/time.hpp"
#include "deployment/request_log.hpp"
#include "packaging/json_rows.hpp"

namespace millrace {

namespace {

constexpr std::size_t kBatch = 4096;  // lines that become a table together; a rank's turn is as long

// One rank's lines, gathered into tables.
class LineCounter {
 public:
  LineCounter(const MonitoredModel& model, std::vector<TimeWindow> windows, bool any_version)
      : model_(model), windows_(std::move(windows)), any_version_(any_version), observer_(model) {}

  void take(std::string_view line) {
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object()) return observer_.add_rejected(1);
    try {
      if (concerns(json)) add(json);
    } catch (const Json::exception&) {
      observer_.add_rejected(1);
    } catch (const Error&) {  // a time or value that is none
      observer_.add_rejected(1);
    }
    if (rows_.size() == kBatch) flush();
  }
  Observer& finish() {
    flush();
    return observer_;
  }

 private:
  [[nodiscard]] bool concerns(const Json& json) const {
    if (json.at("model") != model_.artifact.model || !(any_version_ || is_of_version(json))) return false;
    const double time = parse_rfc3339(json.at("time").get<std::string>());
    return std::ranges::any_of(windows_, [&](const TimeWindow& window) { return window.contains(time); });
  }
  [[nodiscard]] bool is_of_version(const Json& json) const {
    return json.at("version") == model_.artifact.version;
  }
  // Each line is tried by itself, so that one that does not fit spoils no other.
  void add(const Json& json) {
    const Json& inputs = json.at("inputs");
    (void)table_from_json_rows(Json::array({inputs}), model_.artifact.scorer.inputs());
    const Json prediction = json.value("prediction", Json());
    const std::string answered = json.value("class", "");
    rows_.push_back(inputs);
    if (!is_of_version(json)) return;
    prediction.is_number() ? predictions_.append_real(prediction.get<double>())
                           : predictions_.append_missing();
    TextAppender(classes_).append(answered);
  }
  void flush() {
    if (rows_.empty()) return;
    observer_.add_inputs(table_from_json_rows(rows_, model_.artifact.scorer.inputs()));
    observer_.add_logged(predictions_, classes_);
    rows_.clear();
    predictions_.clear();
    classes_ = Column(ColumnType::kText);
  }

  const MonitoredModel& model_;
  std::vector<TimeWindow> windows_;
  bool any_version_;
  Observer observer_;
  Json rows_ = Json::array();
  Column predictions_{ColumnType::kReal};
  Column classes_{ColumnType::kText};
};

void find_absent(const MonitoredModel& model, Observation& seen) {
  for (std::size_t i = 0; seen.rows > 0 && i < seen.inputs.size(); ++i) {
    if (seen.inputs[i].present() == 0 && model.reference.inputs[i].present() > 0)
      seen.absent.push_back(
          {seen.inputs[i].name, "has no value in any request: it is not sent any more, or not logged"});
  }
}

// Each rank takes its turn of the lines.
Observation observe_windows(const Communicator& comm, const MonitoredModel& model,
                            const std::string& workspace_root, const std::string& endpoint,
                            LineCounter counter) {
  Observer& observer = comm.agree([&]() -> std::reference_wrapper<Observer> {
    std::size_t number = 0;
    const auto ranks = static_cast<std::size_t>(comm.size());
    const auto mine = static_cast<std::size_t>(comm.rank());
    read_request_lines(workspace_root, endpoint, [&](std::string_view line) {
      if (number++ / kBatch % ranks == mine) counter.take(line);
    });
    return std::ref(counter.finish());
  });
  Observation seen = observer.all_ranks(comm);
  find_absent(model, seen);
  return seen;
}

}  // namespace

Observation observe_requests(const Communicator& comm, const MonitoredModel& model,
                             const std::string& workspace_root, const std::string& endpoint,
                             const TimeWindow& window) {
  return observe_windows(comm, model, workspace_root, endpoint, LineCounter(model, {window}, false));
}

Observation observe_earlier_requests(const Communicator& comm, const MonitoredModel& model,
                                     const std::string& workspace_root, const std::string& endpoint,
                                     const std::vector<TimeWindow>& windows) {
  return observe_windows(comm, model, workspace_root, endpoint, LineCounter(model, windows, true));
}

}  // namespace millrace
