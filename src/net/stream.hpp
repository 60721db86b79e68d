// What a session speaks through: a socket as it is, or with TLS (net/tls.hpp). Internal to net/.
#pragma once

#include <array>
#include <memory>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

namespace millrace {

class HttpSession;

// An operation's end, as a member function of the session, which it keeps alive.
struct Completion {
  std::shared_ptr<HttpSession> session;
  void (HttpSession::*next)(boost::system::error_code failure, std::size_t size);
  void operator()(boost::system::error_code failure, std::size_t size = 0) const {
    ((*session).*next)(failure, size);
  }
};

class ByteStream {
 public:
  using Socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol,
                                                  boost::asio::io_context::executor_type>;
  using ErrorCode = boost::system::error_code;
  using Output = std::array<boost::asio::const_buffer, 2>;  // one after the other

  ByteStream() = default;
  virtual ~ByteStream() = default;
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  [[nodiscard]] virtual Socket& socket() = 0;
  // Before anything is read or written.
  virtual void shake_hands(Completion done) = 0;
  virtual void read(boost::asio::mutable_buffer to, Completion done) = 0;
  // What can be written at once; a failure comes up again in write().
  virtual std::size_t write_now(const Output& output) = 0;
  virtual void write(const Output& output, Completion done) = 0;  // all of it
  // Tells the other side that nothing more comes.
  virtual void end(Completion done) = 0;
  // The common name of the other side's verified certificate; "" without one.
  [[nodiscard]] virtual std::string identity() { return {}; }
};

std::unique_ptr<ByteStream> make_plain_stream(ByteStream::Socket socket);

// Who is at the other end; 0.0.0.0 where that has no address: it is gone, or a process of this machine.
boost::asio::ip::address peer_of(const ByteStream::Socket& socket);

}  // namespace millrace
