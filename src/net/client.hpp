// The client, for more than one plain request (http_request() in net/http.hpp is its short form).
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "net/http.hpp"

namespace millrace {

struct HttpCall {
  std::string method = "GET";
  std::string url;  // http://host[:port][/path] or https://…
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers =
      {};                       // further ones, such as {"Authorization", …}
  double timeout_seconds = 10;  // for all of it
};

// Of https: PEM files.
struct HttpTrust {
  std::string authorities = {};  // whose certificates are trusted; "": the system's
  std::string certificate = {};  // the client's own, where the server wants one
  std::string key = {};          // "": it is in `certificate`
};

// Keeps its connection while the server does and calls go to the same one. A connection that the server has
// ended meanwhile is made anew. Not thread-safe.
class HttpClient {
 public:
  // Throws kTls for files that cannot be used.
  explicit HttpClient(HttpTrust trust = {});
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // The answer, whatever its status. Throws kUsage for a url of another form, kResource with host, port and
  // the reason where there is no answer in time, kTls where the server's certificate is not to be trusted.
  HttpResponse request(const HttpCall& call);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace millrace
