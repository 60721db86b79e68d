#include "serving/routes.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace millrace {

namespace {

using Segments = std::vector<std::string_view>;

Segments segments_of(std::string_view target) {
  std::string_view path = target.substr(0, target.find('?'));
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  if (path.starts_with('/')) path.remove_prefix(1);
  Segments segments;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = path.find('/');
    segments.push_back(path.substr(0, end));
    if (end != std::string_view::npos) path.remove_prefix(end + 1);
  }
  return segments;
}

std::optional<Resource> model_resource(std::string_view last) {
  if (last == "infer") return Resource::kInfer;
  if (last == "predict") return Resource::kPredict;
  if (last == "ready") return Resource::kModelReady;
  return std::nullopt;
}

// models/{m}[/versions/{v}][/infer|/predict|/ready]
std::optional<Route> find_model_route(const Segments& segments) {
  Route route{.resource = Resource::kModel, .model = segments[2], .version = {}};
  std::size_t used = 3;
  if (segments.size() >= 5 && segments[3] == "versions") {
    route.version = segments[4];
    used = 5;
    if (route.version.empty()) return std::nullopt;
  }
  if (route.model.empty()) return std::nullopt;
  if (segments.size() == used) return route;
  const auto resource = model_resource(segments[used]);
  if (!resource || segments.size() != used + 1) return std::nullopt;
  route.resource = *resource;
  return route;
}

}  // namespace

std::optional<Route> find_route(std::string_view target) {
  const Segments segments = segments_of(target);
  if (segments == Segments{"metrics"}) return Route{Resource::kMetrics, {}, {}};
  if (segments == Segments{"v2"}) return Route{Resource::kServer, {}, {}};
  if (segments == Segments{"v2", "health", "live"}) return Route{Resource::kLive, {}, {}};
  if (segments == Segments{"v2", "health", "ready"}) return Route{Resource::kReady, {}, {}};
  if (segments.size() < 3 || segments[0] != "v2" || segments[1] != "models") return std::nullopt;
  return find_model_route(segments);
}

const char* method_of(Resource resource) {
  return resource == Resource::kInfer || resource == Resource::kPredict ? "POST" : "GET";
}

const char* list_of_routes() {
  return "GET /v2, GET /v2/health/live, GET /v2/health/ready, GET "
         "/v2/models/{model}[/versions/{version}][/ready], "
         "POST /v2/models/{model}[/versions/{version}]/infer, POST "
         "/v2/models/{model}[/versions/{version}]/predict, "
         "GET /metrics";
}

}  // namespace millrace
