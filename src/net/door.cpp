#include "net/door.hpp"

#include <chrono>

#include <unistd.h>

#include "base/log.hpp"
#include "net/session.hpp"

namespace millrace {

namespace {

constexpr std::chrono::milliseconds kRetryInterval{100};

}  // namespace

Door::Door(HttpListener where, std::size_t number, Workers& workers, Sessions& sessions,
           TlsCertificates* certificates)
    : where_(std::move(where)),
      number_(number),
      workers_(workers),
      sessions_(sessions),
      certificates_(where_.tls ? certificates : nullptr),
      acceptor_(listen_on(workers.first(), where_)),
      port_(port_of(acceptor_)),
      address_(address_of(where_, acceptor_)),
      retry_(acceptor_.get_executor()) {}

Door::~Door() {
  if (const std::string path = socket_path(where_); !path.empty()) ::unlink(path.c_str());
}

void Door::open() {
  accept();
}

void Door::close() {
  ErrorCode ignored;
  acceptor_.close(ignored);
  retry_.cancel();
}

void Door::accept() {
  acceptor_.async_accept(workers_.next(), [this](ErrorCode failure, ByteStream::Socket socket) {
    on_accepted(failure, std::move(socket));
  });
}

void Door::on_accepted(ErrorCode failure, ByteStream::Socket socket) {
  if (!acceptor_.is_open()) return;
  if (!failure) {
    starved_ = false;
    take(std::move(socket));
    return accept();
  }
  if (failure == boost::asio::error::connection_aborted) return accept();
  // Out of descriptors, most likely: they come back as connections end.
  if (!starved_) log_warning("cannot accept connections: {}; trying on", failure.message());
  starved_ = true;
  retry_.expires_after(kRetryInterval);
  retry_.async_wait([this](ErrorCode stopped) {
    if (!stopped && acceptor_.is_open()) accept();
  });
}

void Door::take(ByteStream::Socket socket) {
  const auto room = sessions_.room();
  if (room == Sessions::Room::kOverrun)
    return sessions_.count(Refusal::kConnections);  // and the socket closes
  auto stream = certificates_ != nullptr ? make_tls_stream(std::move(socket), certificates_->current())
                                         : make_plain_stream(std::move(socket));
  const auto session = std::make_shared<HttpSession>(std::move(stream), number_, sessions_);
  room == Sessions::Room::kFree ? session->start() : session->turn_away();
}

}  // namespace millrace
