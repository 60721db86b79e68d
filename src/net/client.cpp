// The client: one request on a connection of its own. Asynchronous inside, because only asynchronous
// operations of Beast have deadlines.
#include <chrono>
#include <optional>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "base/error.hpp"
#include "base/topics.hpp"
#include "net/http.hpp"
#include "net/url.hpp"

namespace millrace {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr std::uint64_t kAnswerLimit = std::uint64_t{1} << 30U;

class Client {
 public:
  Client(const Url& url, double timeout_seconds) : url_(url), timeout_(timeout_seconds), stream_(io_) {
    stream_.expires_after(std::chrono::milliseconds(static_cast<std::int64_t>(timeout_seconds * 1e3)));
  }

  void connect() {
    beast::error_code failure;
    const auto addresses = tcp::resolver(io_).resolve(url_.host, url_.port, failure);
    if (failure)
      throw Error(Topic::kUnreachableServer, "cannot find host '{}': {}", url_.host, failure.message());
    finish("reach", [&](auto done) { stream_.async_connect(addresses, done); });
  }

  void send(const http::request<http::string_body>& request) {
    finish("send a request to", [&](auto done) { http::async_write(stream_, request, done); });
  }

  http::response<http::string_body> receive(bool head) {
    http::response_parser<http::string_body> parser;
    parser.body_limit(kAnswerLimit);
    parser.skip(head);
    beast::flat_buffer buffer;
    finish("read the answer of", [&](auto done) { http::async_read(stream_, buffer, parser, done); });
    return parser.release();
  }

 private:
  // Starts one operation and waits for its end; `action` says in the error what failed.
  template <class Start>
  void finish(const char* action, Start start) {
    std::optional<beast::error_code> result;
    start([&](beast::error_code failure, auto&&...) { result = failure; });
    io_.restart();
    io_.run();
    if (!*result) return;
    const std::string server = host_and_port(url_.host, url_.port);
    if (*result == beast::error::timeout) {
      throw Error(Topic::kUnreachableServer, "no answer from {} within {} s", server, timeout_);
    }
    throw Error(Topic::kUnreachableServer, "cannot {} {}: {}", action, server, result->message());
  }

  const Url& url_;
  double timeout_;
  asio::io_context io_;
  beast::tcp_stream stream_;
};

http::request<http::string_body> make_request(const std::string& method, const Url& url,
                                              const std::string& body) {
  http::request<http::string_body> request;
  request.version(11);
  request.method_string(method);
  request.target(url.target);
  request.set(http::field::host, host_and_port(url.host, url.port));
  request.set(http::field::connection, "close");
  if (!body.empty()) request.set(http::field::content_type, "application/json");
  request.body() = body;
  request.prepare_payload();
  return request;
}

}  // namespace

HttpResponse http_request(const std::string& method, const std::string& url, const std::string& body,
                          double timeout_seconds) {
  const Url parts = parse_url(url);
  Client client(parts, timeout_seconds);
  client.connect();
  client.send(make_request(method, parts, body));
  auto answer = client.receive(method == "HEAD");
  HttpResponse result{
      .status = static_cast<int>(answer.result_int()), .content_type = {}, .body = std::move(answer.body())};
  for (const auto& field : answer) {
    result.headers.emplace_back(field.name_string().to_string(), field.value().to_string());
  }
  return result;
}

}  // namespace millrace
