#include "net/session.hpp"

#include <algorithm>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include "net/answer_head.hpp"

namespace millrace {

namespace {

namespace asio = boost::asio;

constexpr std::size_t kSmallBytes = 16384;  // a body that is copied behind its head: one piece, one packet
constexpr std::size_t kIdleBytes = 65536;   // of an answer that a connection may hold on to
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

asio::const_buffer buffer_of(std::string_view text) {
  return {text.data(), text.size()};
}

// Less the first `size` bytes.
void shorten(ByteStream::Output& output, std::size_t size) {
  const std::size_t first = std::min(size, output[0].size());
  output[0] += first;
  output[1] += size - first;
}

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
  stream_->write({buffer_of(kContinue)}, then(&HttpSession::on_continued));
  return false;
}

void HttpSession::on_continued(ErrorCode failure, std::size_t) {
  if (!failure) go_on();
}

bool HttpSession::answer() {
  exchange_.request = reader_.request();
  exchange_.request.client = exchange_.client;
  exchange_.request.identity = exchange_.identity;
  exchange_.request.listener = listener_;
  exchange_.response.clear();
  exchange_.note.clear();
  exchange_.session = shared_from_this();
  stage_ = Stage::kAnswering;
  expect_by(Clock::time_point::max());  // the client has no part in it
  answered_ = false;
  in_handler_ = true;
  sessions_.answer(exchange_);
  in_handler_ = false;
  return answered_ && write_answer();
}

// A handler that answers at once returns to answer(), which goes on; in_handler_ is this thread's.
void HttpSession::Exchange::send() {
  auto self = std::move(session);
  if (self->executor_.running_in_this_thread() && self->in_handler_) {
    self->answered_ = true;
  } else {
    const Executor executor = self->executor_;
    asio::post(executor, [self = std::move(self)] { self->on_answered(); });
  }
}

void HttpSession::on_answered() {
  if (write_answer()) go_on();
}

bool HttpSession::write_answer() {
  return write(exchange_.response, reader_.keep_alive());
}

bool HttpSession::write(const HttpResponse& answer, bool keep_alive) {
  keep_alive_ = keep_alive && !sessions_.draining();
  head_.clear();
  append_head(head_, answer, reader_.old(), keep_alive_);
  std::string_view body = answer.body;
  if (reader_.head() || !allows_body(answer.status)) body = {};
  if (body.size() <= kSmallBytes) {
    head_ += body;
    body = {};
  }
  output_ = {buffer_of(head_), buffer_of(body)};
  output_bytes_ = head_.size() + body.size();
  enter(Stage::kWriting, sessions_.options().idle_seconds);
  shorten(output_, stream_->write_now(output_));
  if (asio::buffer_size(output_) == 0) return finish_request();
  stream_->write(output_, then(&HttpSession::on_written));
  return false;
}

void HttpSession::on_written(ErrorCode failure, std::size_t) {
  if (failure) {
    record();
    return release();
  }
  if (finish_request()) go_on();
}

void HttpSession::record() {
  AccessLog* log = sessions_.access_log();
  if (log == nullptr) return;
  log->add({.client = exchange_.client,
            .identity = exchange_.identity,
            .method = reader_.method(),
            .target = reader_.target(),
            .status = exchange_.response.status,
            .bytes_in = reader_.bytes(),
            .bytes_out = output_bytes_,
            .seconds = std::chrono::duration<double>(Clock::now() - began_).count(),
            .note = exchange_.note});
}

bool HttpSession::finish_request() {
  record();
  release();
  if (exchange_.response.body.capacity() > kIdleBytes) std::string().swap(exchange_.response.body);
  if (!keep_alive_) {
    close();
    return false;
  }
  reader_.next();
  return begin_request();
}

}  // namespace millrace
