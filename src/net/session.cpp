// From connection to request: how one arrives.
#include "net/session.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

namespace millrace {

namespace {

namespace asio = boost::asio;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

HttpSession::HttpSession(std::unique_ptr<ByteStream> stream, std::size_t listener, Sessions& sessions)
    : stream_(std::move(stream)),
      executor_(stream_->socket().get_executor()),
      work_(executor_),
      sessions_(sessions),
      listener_(listener),
      address_(peer_of(stream_->socket())),
      reader_(sessions.options().header_limit, sessions.options().body_limit),
      timer_(executor_) {
  exchange_.client = address_.is_unspecified() ? "unix" : address_.to_string();
  sessions_.add(this);
}

HttpSession::~HttpSession() {
  release();
  sessions_.remove(this);
}

void HttpSession::start() {
  asio::post(executor_, [self = shared_from_this()] {
    ErrorCode ignored;  // without it answers are a little slower, no more
    self->stream_->socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    self->enter(Stage::kHandshake, self->sessions_.options().header_seconds);
    self->stream_->shake_hands(self->then(&HttpSession::on_handshake));
  });
}

void HttpSession::turn_away() {
  surplus_ = true;
  start();
}

void HttpSession::drain() {
  asio::post(executor_, [self = shared_from_this()] {
    const bool silent = self->stage_ == Stage::kHandshake || self->stage_ == Stage::kClosing;
    if (silent || self->idle()) self->drop();
  });
}

Completion HttpSession::then(void (HttpSession::*next)(ErrorCode, std::size_t)) {
  return {shared_from_this(), next};
}

void HttpSession::on_handshake(ErrorCode failure, std::size_t) {
  if (failure) return sessions_.count(Refusal::kMalformed);
  exchange_.identity = stream_->identity();
  began_ = Clock::now();
  if (surplus_) {
    return refuse(Refusal::kConnections, 503,
                  "the server has as many connections as it may have; try again later", kBusySeconds);
  }
  if (begin_request()) go_on();
}

// Nothing of a request has arrived, not even in the kernel's buffer.
bool HttpSession::idle() {
  ErrorCode ignored;
  return stage_ == Stage::kWaiting && reader_.empty() && stream_->socket().available(ignored) == 0;
}

bool HttpSession::begin_request() {
  if (!reader_.empty()) {
    begin_reading();
    return true;
  }
  enter(Stage::kWaiting, sessions_.options().idle_seconds);
  sessions_.draining() && idle() ? drop() : read();  // nothing unread: no need to linger
  return false;
}

void HttpSession::begin_reading() {
  enter(Stage::kReading, sessions_.options().header_seconds);
  began_ = Clock::now();
}

void HttpSession::read() {
  const auto room = reader_.room();
  stream_->read({room.data(), room.size()}, then(&HttpSession::on_read));
}

void HttpSession::on_read(ErrorCode failure, std::size_t size) {
  if (failure) return on_failed_read(failure);
  reader_.arrived(size);
  if (stage_ == Stage::kWaiting) begin_reading();
  go_on();
}

// What can be done without waiting. A loop, so that pipelined requests are no recursion.
void HttpSession::go_on() {
  while (step()) {
  }
}

bool HttpSession::step() {
  ErrorCode failure;
  const auto progress = reader_.advance(failure);
  if (failure) {
    on_bad_request(failure);
    return false;
  }
  if (progress == RequestReader::Progress::kHeader) return is_admitted() && begin_body();
  if (progress == RequestReader::Progress::kWhole) return answer();
  if (reader_.has_body() && !late_) expect_by(after(body_began_, body_seconds()));
  read();
  return false;
}

bool HttpSession::begin_body() {
  if (!reader_.has_body()) return true;
  body_began_ = Clock::now();
  enter(Stage::kReading, body_seconds());
  if (reader_.expect().empty()) return true;
  stream_->write({asio::buffer(kContinue)}, then(&HttpSession::on_continued));
  return false;
}

void HttpSession::on_continued(ErrorCode failure, std::size_t) {
  if (!failure) go_on();
}

}  // namespace millrace
