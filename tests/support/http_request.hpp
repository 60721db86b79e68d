// One request on a connection of its own, in a line.
#pragma once

#include <string>

#include "net/client/http_client.hpp"

namespace millrace::testing_support {

inline HttpAnswer http_request(const std::string& method, const std::string& url,
                               const std::string& body = "", double seconds = 10) {
  return HttpClient({.answer_seconds = seconds})
      .send({.url = url, .method = method, .body = body, .headers = [] {
               return HttpHeaders{{"Content-Type", "application/json"}, {"Connection", "close"}};
             }});
}

}  // namespace millrace::testing_support
