// A client's connection. Asynchronous inside, because only asynchronous operations of Beast have deadlines.
// Internal to net/.
#pragma once

#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "net/tls.hpp"
#include "net/url.hpp"

namespace millrace {

class ClientConnection {
 public:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;
  using Response = boost::beast::http::response<boost::beast::http::string_body>;

  // `context`: for https. What follows throws kUnreachableServer or kTls.
  ClientConnection(Url url, const TlsContext& context);

  // Whether `url` is where it leads, and the server has not ended it.
  [[nodiscard]] bool serves(const Url& url);
  // For all that follows.
  void expect_within(double seconds);
  void connect();
  void send(const Request& request);
  Response receive(bool head);

 private:
  template <class Start>
  void finish(const char* action, Start start);
  void shake_hands();

  const Url url_;
  double seconds_ = 0;
  boost::asio::io_context io_;
  boost::beast::tcp_stream stream_;
  std::optional<boost::asio::ssl::stream<boost::beast::tcp_stream&>> tls_;
  boost::beast::flat_buffer buffer_;
};

}  // namespace millrace
