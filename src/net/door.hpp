// Accepts the connections of one address and deals them out to the workers. Internal to net/.
#pragma once

#include <atomic>
#include <string>

#include <boost/asio/steady_timer.hpp>

#include "net/listener.hpp"
#include "net/sessions.hpp"
#include "net/stream.hpp"
#include "net/tls.hpp"
#include "net/workers.hpp"

namespace millrace {

// Runs on the first worker.
class Door {
 public:
  // Binds and listens; throws as listen_on() does. `number`: HttpRequest's `listener`. `certificates`: for
  // an address with TLS.
  Door(HttpListener where, std::size_t number, Workers& workers, Sessions& sessions,
       TlsCertificates* certificates);
  ~Door();
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const std::string& address() const { return address_; }
  void open();   // before the workers start
  void close();  // on the first worker

 private:
  using ErrorCode = boost::system::error_code;
  void accept();
  void on_accepted(ErrorCode failure, ByteStream::Socket socket);
  void take(ByteStream::Socket socket);

  const HttpListener where_;
  const std::size_t number_;
  Workers& workers_;
  Sessions& sessions_;
  TlsCertificates* const certificates_;  // null: no TLS
  Acceptor acceptor_;
  const std::uint16_t port_;
  const std::string address_;
  boost::asio::steady_timer retry_;
  bool starved_ = false;  // could not accept last time
};

}  // namespace millrace
