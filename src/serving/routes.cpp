#include "serving/routes.hpp"

#include <boost/container/static_vector.hpp>

namespace millrace {

namespace {

// The longest route has six.
using Segments = boost::container::static_vector<std::string_view, 7>;

Segments segments_of(std::string_view target) {
  std::string_view path = target.substr(0, target.find('?'));
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  if (path.starts_with('/')) path.remove_prefix(1);
  Segments segments;
  for (std::size_t end = 0; end != std::string_view::npos && segments.size() < segments.capacity();) {
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
  if (last == "arms") return Resource::kArms;
  return std::nullopt;
}

// models/{m}[/versions/{v}][/infer|/predict|/ready], models/{m}/arms
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
  if (*resource == Resource::kArms && !route.version.empty()) return std::nullopt;
  route.resource = *resource;
  return route;
}

// repository/index, repository/models/{m}/load, …/unload
std::optional<Route> find_repository_route(const Segments& segments) {
  if (segments.size() == 3 && segments[2] == "index") return Route{Resource::kIndex, {}, {}};
  if (segments.size() != 5 || segments[2] != "models" || segments[3].empty()) return std::nullopt;
  if (segments[4] == "load") return Route{Resource::kLoad, segments[3], {}};
  if (segments[4] == "unload") return Route{Resource::kUnload, segments[3], {}};
  return std::nullopt;
}

}  // namespace

std::optional<Route> find_route(std::string_view target) {
  const Segments segments = segments_of(target);
  if (segments == Segments{"metrics"}) return Route{Resource::kMetrics, {}, {}};
  if (segments == Segments{"v2"}) return Route{Resource::kServer, {}, {}};
  if (segments == Segments{"v2", "openapi.json"}) return Route{Resource::kOpenApi, {}, {}};
  if (segments == Segments{"v2", "health", "live"}) return Route{Resource::kLive, {}, {}};
  if (segments == Segments{"v2", "health", "ready"}) return Route{Resource::kReady, {}, {}};
  if (segments.size() < 3 || segments[0] != "v2") return std::nullopt;
  if (segments[1] == "models") return find_model_route(segments);
  if (segments[1] == "repository") return find_repository_route(segments);
  return std::nullopt;
}

const char* method_of(Resource resource) {
  switch (resource) {
    case Resource::kInfer:
    case Resource::kPredict:
    case Resource::kIndex:
    case Resource::kLoad:
    case Resource::kUnload:
      return "POST";
    default:
      return "GET";
  }
}

Access access_of(Resource resource) {
  switch (resource) {
    case Resource::kLive:
    case Resource::kReady:
      return Access::kOpen;
    case Resource::kLoad:
    case Resource::kUnload:
      return Access::kAdmin;
    default:
      return Access::kUse;
  }
}

const char* list_of_routes() {
  return "GET /v2, GET /v2/health/live, GET /v2/health/ready, GET /v2/openapi.json, GET "
         "/v2/models/{model}[/versions/{version}][/ready], GET /v2/models/{model}/arms, "
         "POST /v2/models/{model}[/versions/{version}]/infer, POST "
         "/v2/models/{model}[/versions/{version}]/predict, "
         "POST /v2/repository/index, POST /v2/repository/models/{model}/load, POST "
         "/v2/repository/models/{model}/unload, GET /metrics";
}

}  // namespace millrace
