#include "serving/metrics_text.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/prometheus_text.hpp"
#include "base/version.hpp"
#include "device/scoring_device.hpp"

namespace millrace {

namespace {

using Models = std::vector<std::shared_ptr<const ModelMetrics>>;

class Exposition : public PrometheusText {
 public:
  explicit Exposition(const Models& models) : models_(models) {}

  // A value of each model version.
  template <class Value>
  void values(const char* name, const char* type, const char* help, Value value) {
    family(name, type, help);
    for (const auto& model : models_) sample(name, model->labels, value(*model));
  }
  void counter(const char* name, const char* help, Counter ModelMetrics::*member, std::uint64_t divisor = 1) {
    values(name, "counter", help, [&](const ModelMetrics& model) { return read(model.*member) / divisor; });
  }
  template <class Counters, class Border>
  void histogram_of(const char* name, const std::string& labels, const Counters& counters, Border border,
                    double sum);
  void failures();
  void latencies();
  void batches();
  void http(const HttpCounters& counters);

 private:
  const Models& models_;
};

// `border(i)`: the upper border of counter i, for all but the last.
template <class Counters, class Border>
void Exposition::histogram_of(const char* name, const std::string& labels, const Counters& counters,
                              Border border, double sum) {
  const std::string bucket = fmt::format("{}_bucket", name);
  std::uint64_t count = 0;
  for (std::size_t i = 0; i + 1 < counters.size(); ++i) {
    count += read(counters[i]);
    sample(bucket, fmt::format("{},le=\"{}\"", labels, border(i)), count);
  }
  count += read(counters.back());
  sample(bucket, labels + ",le=\"+Inf\"", count);
  sample(fmt::format("{}_sum", name), labels, sum);
  sample(fmt::format("{}_count", name), labels, count);
}

void Exposition::failures() {
  const char* name = "nv_inference_request_failure";
  family(name, "counter",
         "Requests that failed: they were wrong (OTHER), the model failed (BACKEND), the queue was full "
         "(REJECTED), their time ran out in it (CANCELED)");
  for (const auto& model : models_) {
    for (std::size_t i = 0; i < kFailureNames.size(); ++i)
      sample(name, fmt::format("{},reason=\"{}\"", model->labels, kFailureNames[i]),
             read(model->failures[i]));
  }
}

void Exposition::latencies() {
  const char* name = "millrace_request_seconds";
  family(name, "histogram", "Time from a request's last byte read to its answer being ready to be sent");
  for (const auto& model : models_) {
    histogram_of(
        name, model->labels, model->latencies, [](std::size_t i) { return ModelMetrics::kBorders[i]; },
        static_cast<double>(read(model->request_ns)) * 1e-9);
  }
}

void Exposition::batches() {
  const char* name = "millrace_batch_rows";
  family(name, "histogram", "Rows that were scored in one forward pass");
  for (const auto& model : models_) {
    histogram_of(
        name, model->labels, model->batches, [](std::size_t i) { return 1U << i; },
        static_cast<double>(read(model->rows)));
  }
}

void Exposition::http(const HttpCounters& counters) {
  family("millrace_http_connections", "gauge", "Connections that are open");
  sample("millrace_http_connections", "", read(counters.connections));
  family("millrace_http_requests_in_flight", "gauge", "Requests with a body that are not answered yet");
  sample("millrace_http_requests_in_flight", "", read(counters.in_flight));
  const char* name = "millrace_http_refused_total";
  family(name, "counter", "Requests and connections that were refused before the model saw them");
  for (std::size_t i = 0; i < kRefusalNames.size(); ++i)
    sample(name, label_list({{"reason", kRefusalNames[i]}}), read(counters.refused[i]));
}

void append_counters(Exposition& to) {
  using M = ModelMetrics;
  to.counter("nv_inference_request_success", "Requests answered", &M::requests);
  to.failures();
  to.counter("nv_inference_count", "Rows scored", &M::rows);
  to.counter("nv_inference_exec_count", "Forward passes", &M::executions);
  to.values("nv_inference_pending_request_count", "gauge", "Requests that wait to be scored",
            [](const M& model) { return read(model.pending); });
  to.counter("nv_inference_request_duration_us", "Time of answered requests", &M::request_ns, 1000);
  to.counter("nv_inference_queue_duration_us", "Time spent waiting", &M::queue_ns, 1000);
  to.counter("nv_inference_compute_input_duration_us", "Time spent reading inputs", &M::input_ns, 1000);
  to.counter("nv_inference_compute_infer_duration_us", "Time spent in the model", &M::infer_ns, 1000);
  to.counter("nv_inference_compute_output_duration_us", "Time spent writing outputs", &M::output_ns, 1000);
}

// Population stability index, Σ (p − q) ln(p / q), of the predictions so far against the reference profile's;
// empty bins count as 1e-6 of all.
double stability_index(const std::vector<Counter>& counts, const std::vector<double>& reference) {
  static constexpr double kLeast = 1e-6;
  double total = 0;
  for (const Counter& count : counts) total += static_cast<double>(read(count));
  double index = 0;
  for (std::size_t i = 0; total > 0 && i < reference.size(); ++i) {
    const double p = std::max(static_cast<double>(read(counts[i])) / total, kLeast);
    const double q = std::max(reference[i], kLeast);
    index += (p - q) * std::log(p / q);
  }
  return index;
}

void append_arms(Exposition& to, const Catalog& catalog) {
  to.family("millrace_model_info", "gauge", "Versions that are loaded, and their parts");
  for (const auto& [name, served] : catalog.all()) {
    for (const Arm& arm : served->arms) {
      if (arm.ready())
        to.sample("millrace_model_info", label_list({{"name", name}}) + "," + arm.metrics->labels, 1);
    }
  }
  to.family("millrace_canary_percent", "gauge", "Share of an endpoint's requests that its candidate gets");
  for (const auto& served : catalog.distinct()) {
    if (served->is_endpoint)
      to.sample("millrace_canary_percent", label_list({{"endpoint", served->name}}), served->percent);
  }
  to.family("millrace_prediction_drift_psi", "gauge",
            "Population stability index of predictions against those for the test rows");
  for (const auto& served : catalog.distinct()) {
    const auto& reference = served->current().model->bins().reference();
    for (const Arm& arm : served->arms) {
      if (arm.ready() && !reference.empty() && arm.metrics->predictions.size() == reference.size())
        to.sample("millrace_prediction_drift_psi", arm.metrics->labels,
                  stability_index(arm.metrics->predictions, reference));
    }
  }
}

void append_logs(Exposition& to, const HttpCounters& http, const RotatingLog* request_log) {
  to.family("millrace_log_lines_lost_total", "counter",
            "Lines of logs that were not written: the disk was full or too slow");
  to.sample("millrace_log_lines_lost_total", label_list({{"log", "access"}}), read(http.log_lines_lost));
  if (request_log != nullptr)
    to.sample("millrace_log_lines_lost_total", label_list({{"log", "requests"}}), request_log->dropped());
}

void append_device(Exposition& to, const DeviceCounts* counts) {
  if (counts == nullptr) return;
  to.family("millrace_device_batches_total", "counter", "Forward passes that the GPU has made");
  to.sample("millrace_device_batches_total", "", read(counts->batches));
  to.family("millrace_device_rows_total", "counter", "Rows of these");
  to.sample("millrace_device_rows_total", "", read(counts->rows));
  to.family("millrace_device_failures_total", "counter",
            "Failures of the GPU: forward passes that the CPU took over, models that found no room");
  to.sample("millrace_device_failures_total", "", read(counts->failures));
}

}  // namespace

std::string metrics_text(const Metrics& metrics, const Catalog& catalog, const HttpCounters& http,
                         const RotatingLog* request_log, const DeviceCounts* device) {
  const Models models = metrics.all();
  Exposition to(models);
  append_counters(to);
  to.latencies();
  to.batches();
  to.http(http);
  append_logs(to, http, request_log);
  append_device(to, device);
  append_arms(to, catalog);
  to.family("millrace_model_switches_total", "counter", "Switches of endpoints that were followed");
  to.sample("millrace_model_switches_total", label_list({{"result", "done"}}), read(metrics.switches));
  to.sample("millrace_model_switches_total", label_list({{"result", "refused"}}),
            read(metrics.refused_switches));
  to.family("millrace_build_info", "gauge", "The server's version and the code it was built from");
  to.sample("millrace_build_info", label_list({{"version", project_version()}, {"code", code_version()}}), 1);
  return to.text();
}

}  // namespace millrace
