#include "net/stream.hpp"

#include <algorithm>
#include <cstring>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

namespace millrace {

namespace {

namespace asio = boost::asio;

class PlainStream final : public ByteStream {
 public:
  explicit PlainStream(Socket socket) : socket_(std::move(socket)) {
    ErrorCode ignored;
    socket_.non_blocking(true, ignored);
  }

  Socket& socket() override { return socket_; }
  void shake_hands(Completion done) override { done({}); }
  void read(asio::mutable_buffer to, Completion done) override {
    socket_.async_read_some(to, std::move(done));
  }
  std::size_t write_now(const Output& output) override {
    ErrorCode failure;
    return socket_.write_some(output, failure);
  }
  void write(const Output& output, Completion done) override {
    asio::async_write(socket_, output, std::move(done));
  }
  void end(Completion done) override {
    ErrorCode failure;
    socket_.shutdown(Socket::shutdown_send, failure);
    done(failure);
  }

 private:
  Socket socket_;
};

}  // namespace

std::unique_ptr<ByteStream> make_plain_stream(ByteStream::Socket socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

asio::ip::address peer_of(const ByteStream::Socket& socket) {
  ByteStream::ErrorCode failure;
  const auto end = socket.remote_endpoint(failure);
  const int family = failure ? AF_UNSPEC : end.protocol().family();
  if (family != AF_INET && family != AF_INET6) return {};
  asio::ip::tcp::endpoint peer;
  std::memcpy(peer.data(), end.data(), std::min(end.size(), peer.capacity()));
  return peer.address();
}

}  // namespace millrace
