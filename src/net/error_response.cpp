#include "base/json.hpp"
#include "net/http.hpp"

namespace millrace {

HttpResponse error_response(int status, const std::string& message) {
  const Json body{{"error", message}};
  // Messages quote what a client sent, cut to a length: that may end within a character.
  return {status, "application/json", body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

}  // namespace millrace
