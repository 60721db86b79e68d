#include "serving/service.hpp"

#include "base/text.hpp"
#include "base/version.hpp"
#include "serving/infer.hpp"
#include "serving/rows.hpp"

namespace millrace {

namespace {

HttpResponse json_response(const OrderedJson& json) {
  return {.body = json.dump()};
}

// Parses, predicts and writes, and counts what came of it. parse() → request; table(request) → its rows;
// write(request, predictions) → body.
template <class Parse, class Rows, class Write>
HttpResponse score(const ServedModel& model, Parse parse, Rows rows, Write write) {
  LapClock clock;
  try {
    const auto request = parse();
    const Table& table = rows(request);
    clock.lap(LapClock::kInput);
    const auto predictions = model.predict(table);
    clock.lap(LapClock::kInfer);
    HttpResponse response{.body = write(request, predictions)};
    clock.lap(LapClock::kOutput);
    model.metrics().succeeded(table.rows(), clock);
    return response;
  } catch (...) {
    const bool refused = current_error().code() == ExitCode::kUsage;
    refused ? model.metrics().refused() : model.metrics().failed();
    throw;
  }
}

HttpResponse infer(const ServedModel& model, std::string_view name, std::string_view body,
                   std::size_t max_rows) {
  return score(
      model, [&] { return parse_infer_request(body, model, max_rows); },
      [](const InferRequest& request) -> const Table& { return request.table; },
      [&](const InferRequest& request, std::span<const float> predictions) {
        return infer_answer(request, model, name, predictions);
      });
}

HttpResponse predict(const ServedModel& model, std::string_view name, std::string_view body,
                     std::size_t max_rows) {
  return score(
      model, [&] { return parse_rows_request(body, model, max_rows); },
      [](const Table& table) -> const Table& { return table; },
      [&](const Table&, std::span<const float> predictions) {
        return rows_answer(model, name, predictions);
      });
}

HttpResponse wrong_method(const HttpRequest& request, const char* allowed) {
  HttpResponse response =
      error_response(405, fmt::format("{} is answered to {} only, not to {}",
                                      millrace::quoted(request.target), allowed, request.method));
  response.headers = {{"Allow", allowed == std::string_view("GET") ? "GET, HEAD" : allowed}};
  return response;
}

}  // namespace

Service::Service(const ModelSlot& slot, const Metrics& metrics, std::string endpoint, std::size_t max_rows)
    : slot_(slot), metrics_(metrics), endpoint_(std::move(endpoint)), max_rows_(max_rows) {}

HttpResponse Service::answer(const HttpRequest& request) const {
  const auto route = find_route(request.target);
  if (!route) {
    return error_response(
        404, fmt::format("there is no {}; there is {}", millrace::quoted(request.target), list_of_routes()));
  }
  const char* allowed = method_of(route->resource);
  if (request.method != allowed) return wrong_method(request, allowed);
  return route->model.empty() ? answer_server(route->resource) : answer_model(*route, request);
}

HttpResponse Service::answer_server(Resource resource) const {
  switch (resource) {
    case Resource::kLive:
      return json_response({{"live", true}});
    case Resource::kReady:  // the server does not listen before it has a model
      return json_response({{"ready", true}});
    case Resource::kMetrics:
      return {.content_type = "text/plain; version=0.0.4; charset=utf-8",
              .body = metrics_.text(slot_.get()->metrics())};
    default:
      return json_response({{"name", "millrace"},
                            {"version", project_version()},
                            {"extensions", {"predict", "null_is_missing"}}});
  }
}

HttpResponse Service::answer_model(const Route& route, const HttpRequest& request) const {
  const auto model = slot_.get();
  if (!serves(*model, route)) return no_such_model(*model, route);
  switch (route.resource) {
    case Resource::kInfer:
      return infer(*model, route.model, request.body, max_rows_);
    case Resource::kPredict:
      return predict(*model, route.model, request.body, max_rows_);
    case Resource::kModelReady:
      return json_response({{"name", route.model}, {"ready", true}});
    default:
      return {.body = model_metadata(*model, route.model)};
  }
}

bool Service::serves(const ServedModel& model, const Route& route) const {
  const bool named = route.model == model.name() || (!endpoint_.empty() && route.model == endpoint_);
  return named && (route.version.empty() || route.version == model.version());
}

HttpResponse Service::no_such_model(const ServedModel& model, const Route& route) const {
  const std::string asked =
      std::string(route.model) + (route.version.empty() ? "" : " version ") + std::string(route.version);
  return error_response(404, fmt::format("{} is not served here; {} version {} is", millrace::quoted(asked),
                                         endpoint_.empty() ? model.name() : endpoint_, model.version()));
}

}  // namespace millrace
