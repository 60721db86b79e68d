#include "serving/calls/outcome.hpp"

#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "serving/protocol/json_text.hpp"
#include "serving/protocol/occlusion.hpp"
#include "serving/protocol/rows.hpp"

namespace millrace {

namespace {

std::optional<std::string_view> repeated_id(const Call& call) {
  return call.repeats_id ? std::optional<std::string_view>(call.id) : std::nullopt;
}

void write_rows(const Call& call) {
  const ServedModel& model = *call.arm->model;
  std::vector<std::vector<Reason>> reasons;
  if (call.reasons > 0) reasons = find_reasons(model, **call.memory, call.reasons);
  write_rows_answer({call.name, repeated_id(call), reasons}, model, (*call.memory)->predictions,
                    call.exchange->response.body);
}

void write_note(const Call& call) {
  std::string& note = call.exchange->note;
  note += R"(,"model":)";
  append_json_string(note, call.arm->what.model);
  fmt::format_to(std::back_inserter(note), R"(,"version":{},"arm":"{}","rows":{})", call.arm->what.version,
                 to_string(call.arm->kind), call.rows());
  if (call.id.empty()) return;
  note += R"(,"id":)";
  append_json_string(note, call.id);
}

}  // namespace

Failure failure_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (...) {
    return current_error().code() == ExitCode::kUsage ? Failure::kRefused : Failure::kBackend;
  }
}

void send_failure(Call& call, const std::exception_ptr& failure) {
  call.arm->metrics->failed(failure_of(failure));
  HttpExchange& exchange = *std::exchange(call.exchange, nullptr);
  exchange.response = error_response(exchange.request, failure);
  exchange.send();
}

void send_unanswered(Call& call, Failure why, const std::string& message) {
  call.arm->metrics->failed(why);
  HttpExchange& exchange = *std::exchange(call.exchange, nullptr);
  exchange.response = error_response(503, message);
  exchange.response.headers.emplace_back("Retry-After", "1");
  exchange.send();
}

void write_answer(Call& call, bool notes) {
  HttpResponse& response = call.exchange->response;
  response.clear();
  if (call.protocol == Protocol::kInfer) {
    write_infer_answer({call.name, repeated_id(call), call.outputs}, *call.arm->model,
                       (*call.memory)->predictions, response);
  } else {
    write_rows(call);
  }
  if (!call.id.empty() && !call.repeats_id) response.headers.emplace_back("X-Request-Id", call.id);
  if (notes) write_note(call);
}

// In the current version's bins, whichever answers.
void count_answer(const Call& call) {
  ModelMetrics& metrics = *call.arm->metrics;
  metrics.succeeded(call.rows(), call.clock);
  const PredictionBins& bins = call.served->current().model->bins();
  const std::span<const float> predictions = (*call.memory)->predictions;
  const std::size_t width = call.arm->model->outputs();
  for (std::size_t first = 0; first < predictions.size(); first += width) {
    const std::size_t bin = bins.bin_of(predictions.subspan(first, width));
    if (bin < metrics.predictions.size()) add(metrics.predictions[bin]);
  }
}

}  // namespace millrace
