#include "serving/service.hpp"

#include "base/text.hpp"
#include "base/time.hpp"
#include "base/version.hpp"
#include "device/scoring_device.hpp"
#include "serving/arms_report.hpp"
#include "serving/metrics_text.hpp"
#include "serving/openapi.hpp"
#include "serving/protocol/tensors.hpp"
#include "serving/repository_request.hpp"

namespace millrace {

namespace {

HttpResponse json_response(const OrderedJson& json) {
  return {.body = json.dump()};
}

HttpResponse no_such_route(std::string_view target) {
  return error_response(
      404, fmt::format("there is no {}; there is {}", millrace::quoted(target), list_of_routes()));
}

HttpResponse wrong_method(const HttpRequest& request, const char* allowed) {
  HttpResponse response =
      error_response(405, fmt::format("{} is answered to {} only, not to {}",
                                      millrace::quoted(request.target), allowed, request.method));
  response.headers = {{"Allow", allowed == std::string_view("GET") ? "GET, HEAD" : allowed}};
  return response;
}

// Where bodies are packed, reading them would give nonsense.
std::optional<HttpResponse> refuse_encoding(const HttpRequest& request) {
  const std::string_view encoding = request.header("Content-Encoding");
  if (encoding.empty() || encoding == "identity") return std::nullopt;
  return error_response(
      415, fmt::format("the body is packed as {}; send it as it is", millrace::quoted(encoding)));
}

// Started without a model, a server waits for one to be loaded.
HttpResponse readiness(bool ready) {
  HttpResponse response = json_response({{"ready", ready}});
  if (!ready) response.status = 503;
  return response;
}

void send(HttpExchange& exchange, HttpResponse response) {
  exchange.response = std::move(response);
  exchange.send();
}

}  // namespace

Service::Service(const ServiceParts& parts) : parts_(parts), started_(now_rfc3339()) {}

void Service::answer(HttpExchange& exchange) const {
  const HttpRequest& request = exchange.request;
  const auto route = find_route(request.target);
  if (!route) return send(exchange, no_such_route(request.target));
  if (auto refusal = refuse(request, *route)) return send(exchange, std::move(*refusal));
  if (route->model.empty()) return send(exchange, answer_server(route->resource));
  if (route->resource == Resource::kLoad || route->resource == Resource::kUnload)
    return change_repository(*route, exchange);
  answer_named(*route, exchange);
}

std::optional<HttpResponse> Service::refuse(const HttpRequest& request, const Route& route) const {
  const char* allowed = method_of(route.resource);
  if (request.method != allowed) return wrong_method(request, allowed);
  const Access access = access_of(route.resource);
  if (access == Access::kAdmin && parts_.admin_listener != 0 && request.listener != parts_.admin_listener)
    return error_response(403, "what is served is changed at the address of --admin-listen alone");
  if (auto refusal = parts_.authorization.refuse(request, access)) return refusal;
  return refuse_encoding(request);
}

HttpResponse Service::answer_server(Resource resource) const {
  switch (resource) {
    case Resource::kLive:
      return json_response({{"live", true}});
    case Resource::kReady:
      return readiness(!parts_.repository.catalog()->all().empty());
    case Resource::kMetrics:
      return {
          .content_type = "text/plain; version=0.0.4; charset=utf-8",
          .body = metrics_text(parts_.metrics, *parts_.repository.catalog(), *parts_.http, parts_.request_log,
                               parts_.device == nullptr ? nullptr : &parts_.device->counts())};
    case Resource::kIndex:
      return {.body = index_answer(parts_.repository.index())};
    case Resource::kOpenApi:
      return {.body = openapi_document()};
    default:
      return json_response(
          {{"name", "millrace"},
           {"version", project_version()},
           {"extensions", {"binary_tensor_data", "model_repository", "predict", "null_is_missing"}}});
  }
}

void Service::answer_named(const Route& route, HttpExchange& exchange) const {
  const auto served = parts_.repository.catalog()->find(route.model);
  const bool there = served && (route.version.empty() || served->find_version(route.version) != nullptr);
  if (!there) return send(exchange, no_such_model(route));
  switch (route.resource) {
    case Resource::kInfer:
      return parts_.scoring.answer(exchange, Protocol::kInfer, served, route.model, route.version);
    case Resource::kPredict:
      return parts_.scoring.answer(exchange, Protocol::kPredict, served, route.model, route.version);
    default:
      return send(exchange, answer_model(route, *served));
  }
}

HttpResponse Service::answer_model(const Route& route, const Served& served) const {
  const Arm& arm = route.version.empty() ? served.current() : *served.find_version(route.version);
  switch (route.resource) {
    case Resource::kModelReady:
      return json_response({{"name", route.model}, {"ready", true}});
    case Resource::kArms:
      return {.body = arms_report(served, started_, address_)};
    default:
      return {.body = model_metadata(*arm.model, route.model, served.versions())};
  }
}

// Loading takes its time, so it is another thread's; the answer says how it ended.
void Service::change_repository(const Route& route, HttpExchange& exchange) const {
  const std::string version = asked_version(exchange.request.body);
  parts_.background.add([this, &exchange, route, version] {
    try {
      const std::string model(route.model);
      if (route.resource == Resource::kLoad) {
        parts_.repository.load(model, version);
      } else {
        parts_.repository.unload(model, version);
      }
      send(exchange, {.body = "{}"});
    } catch (...) {
      send(exchange, change_failure(exchange.request, std::current_exception()));
    }
  });
}

HttpResponse Service::no_such_model(const Route& route) const {
  const std::string asked =
      std::string(route.model) + (route.version.empty() ? "" : " version ") + std::string(route.version);
  std::vector<std::string> there;
  for (const auto& [name, served] : parts_.repository.catalog()->all()) {
    for (const std::string& version : served->versions()) there.push_back(name + " version " + version);
  }
  return error_response(404, fmt::format("{} is not served here; there is {}", millrace::quoted(asked),
                                         there.empty() ? "nothing" : join(there, ", ")));
}

}  // namespace millrace
