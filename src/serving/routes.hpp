// Which resource a path names. Internal to serving/.
#pragma once

#include <optional>
#include <string_view>

namespace millrace {

enum class Resource {
  kLive,
  kReady,
  kServer,
  kModel,
  kModelReady,
  kInfer,
  kPredict,
  kArms,
  kIndex,
  kLoad,
  kUnload,
  kMetrics,
  kOpenApi
};

struct Route {
  Resource resource = Resource::kServer;
  std::string_view model;    // empty where the resource has none
  std::string_view version;  // empty where none is asked for
};

// `target` is a request's path with its query, if any; a final '/' makes no difference. The views point into
// it.
std::optional<Route> find_route(std::string_view target);

// "GET" or "POST".
const char* method_of(Resource resource);

// What a client must be allowed to.
enum class Access {
  kOpen,   // whether the server lives
  kUse,    // to ask models, and about them
  kAdmin,  // to change what is served
};
Access access_of(Resource resource);

// One line with all routes, for those who took another.
const char* list_of_routes();

}  // namespace millrace
