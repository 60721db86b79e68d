// HTTP/1.1 plumbing over Boost.Beast; no header of Boost shows here. Keep-alive, limits on header and body,
// clean drain.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace millrace {

struct HttpRequest {
  std::string method;  // "GET"
  std::string target;  // "/v2/models/churn/infer" with its query, if any
  std::string body;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
};

// Called concurrently where there are several threads. An exception becomes a 500 with {"error": …}.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

struct HttpServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::uint32_t threads = 1;
  std::uint64_t body_limit = std::uint64_t{16} << 20U;
  std::uint32_t header_limit = 16384;
  double idle_seconds = 60;
};

class HttpServer {
 public:
  // Binds and listens; throws kResource ("port 8080 on 127.0.0.1 is in use: …").
  HttpServer(HttpServerOptions options, HttpHandler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  // Serves until stop() or a stop signal; then accepts nothing more, finishes what is in flight, returns.
  // `tick` (if any) is called on one of the threads about once a second.
  void run(const std::function<void()>& tick = {});
  void stop();  // from any thread

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// One request on a connection of its own. url: http://host:port/path. Throws kResource with host, port and
// the reason where there is no answer within `timeout_seconds`.
HttpResponse http_request(const std::string& method, const std::string& url, const std::string& body = "",
                          double timeout_seconds = 10);

}  // namespace millrace
