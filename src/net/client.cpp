#include "net/client.hpp"

#include <optional>

#include "net/client_connection.hpp"

namespace millrace {

namespace {

namespace http = boost::beast::http;

ClientConnection::Request make_request(const HttpCall& call, const Url& url, bool keep) {
  ClientConnection::Request request;
  request.version(11);
  request.method_string(call.method);
  request.target(url.target);
  request.set(http::field::host, host_and_port(url.host, url.port));
  if (!keep) request.set(http::field::connection, "close");
  if (!call.body.empty()) request.set(http::field::content_type, "application/json");
  for (const auto& [name, value] : call.headers) request.set(name, value);
  request.body() = call.body;
  request.prepare_payload();
  return request;
}

HttpResponse response_of(ClientConnection::Response answer) {
  HttpResponse result{
      .status = static_cast<int>(answer.result_int()), .content_type = {}, .body = std::move(answer.body())};
  for (const auto& field : answer)
    result.headers.emplace_back(field.name_string().to_string(), field.value().to_string());
  return result;
}

// Sends and receives on `connection`, whose deadline is set.
ClientConnection::Response exchange(ClientConnection& connection, const HttpCall& call, const Url& url,
                                    bool keep) {
  connection.send(make_request(call, url, keep));
  return connection.receive(call.method == "HEAD");
}

}  // namespace

struct HttpClient::Impl {
  explicit Impl(HttpTrust given) : trust(std::move(given)) {}

  const HttpTrust trust;
  TlsContext context;  // once it is needed
  std::optional<ClientConnection> connection;

  ClientConnection& connect(const Url& url, double seconds);
};

ClientConnection& HttpClient::Impl::connect(const Url& url, double seconds) {
  if (url.tls && !context) context = make_client_context(trust.authorities, trust.certificate, trust.key);
  if (connection && connection->serves(url)) {
    connection->expect_within(seconds);
    return *connection;
  }
  connection.emplace(url, context);
  connection->expect_within(seconds);
  connection->connect();
  return *connection;
}

HttpClient::HttpClient(HttpTrust trust) : impl_(std::make_unique<Impl>(std::move(trust))) {}

HttpClient::~HttpClient() = default;

HttpResponse HttpClient::request(const HttpCall& call) {
  const Url url = parse_url(call.url);
  try {
    auto answer = exchange(impl_->connect(url, call.timeout_seconds), call, url, true);
    if (!answer.keep_alive()) impl_->connection.reset();
    return response_of(std::move(answer));
  } catch (...) {
    impl_->connection.reset();  // what is left on it belongs to nobody
    throw;
  }
}

HttpResponse http_request(const std::string& method, const std::string& url, const std::string& body,
                          double timeout_seconds) {
  const Url parts = parse_url(url);
  ClientConnection connection(parts, parts.tls ? make_client_context({}, {}, {}) : nullptr);
  connection.expect_within(timeout_seconds);
  connection.connect();
  return response_of(exchange(connection, {.method = method, .url = url, .body = body}, parts, false));
}

}  // namespace millrace
