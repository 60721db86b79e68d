#include "net/client_connection.hpp"

#include <cerrno>
#include <chrono>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <sys/socket.h>

#include "base/error.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::uint64_t kAnswerLimit = std::uint64_t{1} << 30U;

}  // namespace

ClientConnection::ClientConnection(Url url, const TlsContext& context) : url_(std::move(url)), stream_(io_) {
  if (!url_.tls) return;
  tls_.emplace(stream_, *context);
  tls_->set_verify_callback(asio::ssl::host_name_verification(url_.host));
  ::SSL_set_tlsext_host_name(tls_->native_handle(), url_.host.c_str());
}

// A server that has ended a connection has made it readable. With TLS so may a session's ticket.
bool ClientConnection::serves(const Url& url) {
  char byte = 0;
  const auto size = ::recv(stream_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  const bool alive = size < 0 ? errno == EAGAIN : size > 0 && url_.tls;
  return alive && url.tls == url_.tls && url.host == url_.host && url.port == url_.port;
}

void ClientConnection::expect_within(double seconds) {
  seconds_ = seconds;
  stream_.expires_after(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1e3)));
}

void ClientConnection::connect() {
  beast::error_code failure;
  const auto addresses = asio::ip::tcp::resolver(io_).resolve(url_.host, url_.port, failure);
  if (failure)
    throw Error(Topic::kUnreachableServer, "cannot find host '{}': {}", url_.host, failure.message());
  finish("reach", [&](auto done) { stream_.async_connect(addresses, done); });
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), failure);
  if (tls_) shake_hands();
}

void ClientConnection::shake_hands() {
  try {
    finish("agree on TLS with",
           [&](auto done) { tls_->async_handshake(asio::ssl::stream_base::client, done); });
  } catch (const Error&) {
    const long verdict = ::SSL_get_verify_result(tls_->native_handle());
    if (verdict == X509_V_OK) throw;
    throw Error(Topic::kTls, "the certificate of {} cannot be trusted: {}",
                host_and_port(url_.host, url_.port), ::X509_verify_cert_error_string(verdict));
  }
}

void ClientConnection::send(const Request& request) {
  finish("send a request to", [&](auto done) {
    tls_ ? http::async_write(*tls_, request, done) : http::async_write(stream_, request, done);
  });
}

ClientConnection::Response ClientConnection::receive(bool head) {
  http::response_parser<http::string_body> parser;
  parser.body_limit(kAnswerLimit);
  parser.skip(head);
  finish("read the answer of", [&](auto done) {
    tls_ ? http::async_read(*tls_, buffer_, parser, done) : http::async_read(stream_, buffer_, parser, done);
  });
  return parser.release();
}

// Starts one operation and waits for its end; `action` says in the error what failed.
template <class Start>
void ClientConnection::finish(const char* action, Start start) {
  std::optional<beast::error_code> result;
  start([&](beast::error_code failure, auto&&...) { result = failure; });
  io_.restart();
  io_.run();
  if (!*result) return;
  const std::string server = host_and_port(url_.host, url_.port);
  if (*result == beast::error::timeout)
    throw Error(Topic::kUnreachableServer, "no answer from {} within {} s", server, seconds_);
  throw Error(Topic::kUnreachableServer, "cannot {} {}: {}", action, server, result->message());
}

}  // namespace millrace
