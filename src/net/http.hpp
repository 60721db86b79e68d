// HTTP/1.1 plumbing over Boost.Beast; no header of Boost shows here. Keep-alive, limits on header and body,
// clean drain. Whatever goes wrong is answered with {"error": …}: a malformed request 400, a body over the
// limit 413, a header over the limit 431.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace millrace {

struct HttpRequest {
  std::string method;  // "GET"; a HEAD request arrives as GET, and the answer's body is left out
  std::string target;  // "/v2/models/churn/infer" with its query, if any
  std::string body;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers = {};  // further ones, such as {"Allow", "GET"}
};

// `status` with the body {"error": message}; bytes of the message that are no UTF-8 are replaced.
HttpResponse error_response(int status, const std::string& message);

// Called concurrently where there are several threads. An exception becomes an error_response: 400 for an
// Error with kUsage, else 500.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

struct HttpServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::uint32_t threads = 1;
  std::uint64_t body_limit = std::uint64_t{16} << 20U;
  std::uint32_t header_limit = 16384;
  double idle_seconds = 60;  // for a whole request to arrive, and for its answer to be taken
};

class HttpServer {
 public:
  // Binds and listens; throws kResource ("port 8080 on 127.0.0.1 is in use: …").
  HttpServer(HttpServerOptions options, HttpHandler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string address() const;  // "127.0.0.1:8080"
  // Serves on options.threads threads until stop() or a stop signal; then accepts nothing more, finishes what
  // is in flight (for 10 s at most), returns. To be called once. `tick` (if any) is called on the calling
  // thread, about once a second, so it may take its time; an exception from it stops the server and leaves
  // run().
  void run(const std::function<void()>& tick = {});
  void stop();  // from any thread

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// One request on a connection of its own. url: http://host[:port][/path]; kUsage for any other. Throws
// kResource with host, port and the reason where there is no answer within `timeout_seconds`.
HttpResponse http_request(const std::string& method, const std::string& url, const std::string& body = "",
                          double timeout_seconds = 10);

}  // namespace millrace
