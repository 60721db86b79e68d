#include "serving/metrics.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/version.hpp"

namespace millrace {

namespace {

using Models = std::vector<std::shared_ptr<ModelMetrics>>;

std::string label_value(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\' || c == '"' || c == '\n') result += '\\';
    result += c == '\n' ? 'n' : c;
  }
  return result;
}

std::uint64_t read(const ModelMetrics::Counter& counter) {
  return counter.load(std::memory_order_relaxed);
}
void add(ModelMetrics::Counter& counter, std::uint64_t value) {
  counter.fetch_add(value, std::memory_order_relaxed);
}

// Grows the text family by family, as the format wants it.
class Exposition {
 public:
  explicit Exposition(const Models& models) : models_(models) {}

  void family(const char* name, const char* type, const char* help) {
    fmt::format_to(to(), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(to(), format, std::forward<Args>(args)...);
    text_ += '\n';
  }
  // A counter of each model version.
  void counter(const char* name, const char* help, ModelMetrics::Counter ModelMetrics::*member,
               std::uint64_t divisor = 1) {
    family(name, "counter", help);
    for (const auto& model : models_)
      line("{}{{{}}} {}", name, model->labels, read((*model).*member) / divisor);
  }
  void failures();
  void histogram();
  void http(const HttpCounters& counters);
  [[nodiscard]] std::string text() { return std::move(text_); }

 private:
  std::back_insert_iterator<std::string> to() { return std::back_inserter(text_); }
  const Models& models_;
  std::string text_;
};

// Triton's reasons; REJECTED and CANCELED belong to a queue, which there is none of.
void Exposition::failures() {
  const char* name = "nv_inference_request_failure";
  family(name, "counter", "Requests that failed: by the client's fault (OTHER) or the server's (BACKEND)");
  for (const auto& model : models_) {
    line("{}{{{},reason=\"OTHER\"}} {}", name, model->labels, read(model->refusals));
    line("{}{{{},reason=\"BACKEND\"}} {}", name, model->labels, read(model->failures));
  }
}

void Exposition::histogram() {
  const char* name = "millrace_request_seconds";
  family(name, "histogram", "Time from a request's last byte read to its answer being ready to be sent");
  for (const auto& model : models_) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < ModelMetrics::kBorders.size(); ++i) {
      sum += read(model->buckets[i]);
      line("{}_bucket{{{},le=\"{}\"}} {}", name, model->labels, ModelMetrics::kBorders[i], sum);
    }
    sum += read(model->buckets.back());
    line("{}_bucket{{{},le=\"+Inf\"}} {}", name, model->labels, sum);
    line("{}_sum{{{}}} {}", name, model->labels, static_cast<double>(read(model->request_ns)) * 1e-9);
    line("{}_count{{{}}} {}", name, model->labels, sum);
  }
}

void Exposition::http(const HttpCounters& counters) {
  family("millrace_http_connections", "gauge", "Connections that are open");
  line("millrace_http_connections {}", read(counters.connections));
  family("millrace_http_requests_in_flight", "gauge", "Requests with a body that are not answered yet");
  line("millrace_http_requests_in_flight {}", read(counters.in_flight));
  const char* name = "millrace_http_refused_total";
  family(name, "counter", "Requests and connections that were refused before the model saw them");
  for (std::size_t i = 0; i < kRefusalNames.size(); ++i) {
    line("{}{{reason=\"{}\"}} {}", name, kRefusalNames[i], read(counters.refused[i]));
  }
}

}  // namespace

ModelMetrics::ModelMetrics(std::string model_name, std::uint64_t model_version)
    : model(std::move(model_name)),
      version(model_version),
      labels(fmt::format("model=\"{}\",version=\"{}\"", label_value(model), version)) {}

void ModelMetrics::succeeded(std::size_t n_rows, const LapClock& clock) {
  const std::uint64_t total = clock.total_nanoseconds();
  add(requests, 1);
  add(rows, n_rows);
  add(executions, 1);
  add(request_ns, total);
  add(input_ns, clock.nanoseconds(LapClock::kInput));
  add(infer_ns, clock.nanoseconds(LapClock::kInfer));
  add(output_ns, clock.nanoseconds(LapClock::kOutput));
  const auto border = std::lower_bound(kBorders.begin(), kBorders.end(), static_cast<double>(total) * 1e-9);
  add(buckets[static_cast<std::size_t>(border - kBorders.begin())], 1);
}

void ModelMetrics::refused() {
  add(refusals, 1);
}
void ModelMetrics::failed() {
  add(failures, 1);
}

std::shared_ptr<ModelMetrics> Metrics::of(const std::string& model, std::uint64_t version) {
  const std::lock_guard lock(mutex_);
  for (const auto& known : models_) {
    if (known->model == model && known->version == version) return known;
  }
  return models_.emplace_back(std::make_shared<ModelMetrics>(model, version));
}

std::string Metrics::text(const ModelMetrics& current) const {
  const std::lock_guard lock(mutex_);
  using M = ModelMetrics;
  Exposition to(models_);
  to.counter("nv_inference_request_success", "Requests answered", &M::requests);
  to.failures();
  to.counter("nv_inference_count", "Rows scored", &M::rows);
  to.counter("nv_inference_exec_count", "Forward passes", &M::executions);
  to.counter("nv_inference_request_duration_us", "Time of answered requests", &M::request_ns, 1000);
  to.counter("nv_inference_compute_input_duration_us", "Time spent reading inputs", &M::input_ns, 1000);
  to.counter("nv_inference_compute_infer_duration_us", "Time spent in the model", &M::infer_ns, 1000);
  to.counter("nv_inference_compute_output_duration_us", "Time spent writing outputs", &M::output_ns, 1000);
  to.histogram();
  to.http(*http_);
  to.family("millrace_model_info", "gauge", "The model version that answers");
  to.line("millrace_model_info{{{}}} 1", current.labels);
  to.family("millrace_model_switches_total", "counter", "Switches of the endpoint that were followed");
  to.line("millrace_model_switches_total{{result=\"done\"}} {}", read(switches_));
  to.line("millrace_model_switches_total{{result=\"refused\"}} {}", read(failed_switches_));
  to.family("millrace_build_info", "gauge", "The server's version and the code it was built from");
  to.line("millrace_build_info{{version=\"{}\",code=\"{}\"}} 1", project_version(),
          label_value(code_version()));
  return to.text();
}

}  // namespace millrace
