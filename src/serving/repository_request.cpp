#include "serving/repository_request.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "serving/protocol/json_document.hpp"

namespace millrace {

std::string asked_version(std::string_view body) {
  if (body.empty()) return {};
  static constexpr Subject kRequest{"the request"};
  Member<simdjson::dom::object> parameters("parameters", "an object");
  take_members(as_object(parse_request_json(body), {"the request's body"}), kRequest, parameters);
  if (!parameters.value()) return {};
  Member<std::string_view> version("version", "a string");
  take_members(*parameters.value(), kRequest, version);
  return std::string(version.value().value_or(""));
}

std::string index_answer(const std::vector<IndexEntry>& index) {
  OrderedJson json = OrderedJson::array();
  for (const IndexEntry& entry : index) {
    json.push_back({{"name", entry.name},
                    {"version", entry.version},
                    {"state", entry.ready ? "READY" : "UNAVAILABLE"},
                    {"reason", entry.reason}});
  }
  return json.dump();
}

HttpResponse change_failure(const HttpRequest& request, const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (...) {
    const Error error = current_error();
    if (error.code() == ExitCode::kResource || error.code() == ExitCode::kGateNotPassed)
      return error_response(400, error.message());
    return error_response(request, failure);
  }
}

}  // namespace millrace
