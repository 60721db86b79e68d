#include "net/session.hpp"

#include <cmath>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <fmt/core.h>

namespace millrace {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::size_t kReadBufferBytes = 16384;
constexpr double kLingerSeconds = 2;
constexpr double kBusySeconds = 1;  // after which a client may hope for room

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

bool is_malformed(const beast::error_code& failure) {
  return failure.category() == http::make_error_code(http::error::bad_method).category() &&
         failure != http::error::end_of_stream && failure != http::error::partial_message;
}

}  // namespace

HttpSession::HttpSession(Socket socket, Sessions& sessions)
    : socket_(std::move(socket)),
      sessions_(sessions),
      // What is not parsed yet: a header, or a chunk's beginning, which has no limit of its own.
      buffer_(sessions.options().header_limit + 4 * kReadBufferBytes),
      timer_(socket_.get_executor()) {
  sessions_.add(this);
}

HttpSession::~HttpSession() {
  release();
  sessions_.remove(this);
}

void HttpSession::start() {
  ErrorCode ignored;  // without it answers are a little slower, no more
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  buffer_.reserve(kReadBufferBytes);
  asio::post(socket_.get_executor(), [self = shared_from_this()] { self->wait_for_request(); });
}

void HttpSession::turn_away() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    self->parser_.emplace();
    self->refuse(Refusal::kConnections, 503,
                 "the server has as many connections as it may have; try again later", kBusySeconds);
  });
}

void HttpSession::drain() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    if (self->idle() || self->stage_ == Stage::kClosing) self->drop();
  });
}

// Nothing of a request has arrived, not even in the kernel's buffer.
bool HttpSession::idle() {
  ErrorCode ignored;
  return stage_ == Stage::kWaiting && buffer_.size() == 0 && socket_.available(ignored) == 0;
}

void HttpSession::wait_for_request() {
  parser_.emplace();
  parser_->header_limit(sessions_.options().header_limit);
  parser_->body_limit(sessions_.options().body_limit);
  enter(Stage::kWaiting, sessions_.options().idle_seconds);
  if (buffer_.size() > 0) return read_header();
  if (sessions_.draining() && idle()) return drop();  // nothing unread: no need to linger
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](ErrorCode failure) {
    if (!failure) self->read_header();
  });
}

void HttpSession::read_header() {
  enter(Stage::kReading, sessions_.options().header_seconds);
  http::async_read_header(socket_, buffer_, *parser_,
                          beast::bind_front_handler(&HttpSession::on_header, shared_from_this()));
}

void HttpSession::on_header(ErrorCode failure, std::size_t size) {
  if (failure) return on_failed_read(failure);
  if (!is_admitted()) return;
  if (parser_->is_done()) return on_request({}, size);
  body_began_ = Clock::now();
  body_bytes_ = 0;
  enter(Stage::kReading, body_seconds());
  if (parser_->get()[http::field::expect].empty()) return read_body();
  ask_for_body();
}

// False where it has been refused.
bool HttpSession::is_admitted() {
  if (sessions_.options().rate > 0 && !keeps_rate()) return false;
  const auto expected = parser_->get()[http::field::expect];
  if (!expected.empty() && !beast::iequals(expected, "100-continue")) {
    refuse(Refusal::kMalformed, 417,
           fmt::format("cannot do what 'Expect: {}' asks for", expected.to_string()));
    return false;
  }
  if (parser_->is_done()) return true;
  counted_ = sessions_.begin_request();
  if (!counted_) refuse(Refusal::kBusy, 503, "the server is busy; try again later", kBusySeconds);
  return counted_;
}

bool HttpSession::keeps_rate() {
  ErrorCode left;
  const auto client = socket_.remote_endpoint(left).address();
  if (left) return false;
  const double delay = sessions_.delay_of(client);
  if (delay <= 0) return true;
  refuse(Refusal::kRate, 429,
         fmt::format("more than {} requests a second from {}", sessions_.options().rate, client.to_string()),
         delay);
  return false;
}

void HttpSession::ask_for_body() {
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(socket_, asio::buffer(kContinue.data(), kContinue.size()),
                    [self = shared_from_this()](ErrorCode failure, std::size_t) {
                      if (!failure) self->read_body();
                    });
}

void HttpSession::read_body() {
  http::async_read_some(socket_, buffer_, *parser_,
                        beast::bind_front_handler(&HttpSession::on_piece, shared_from_this()));
}

void HttpSession::on_piece(ErrorCode failure, std::size_t size) {
  if (failure || parser_->is_done()) return on_request(failure, size);
  body_bytes_ += size;
  if (!late_) expect_by(after(body_began_, body_seconds()));
  read_body();
}

void HttpSession::on_request(ErrorCode failure, std::size_t) {
  if (failure) return on_failed_read(failure);
  const auto& message = parser_->get();
  const bool head = message.method() == http::verb::head;
  exchange_.headers.clear();
  for (const auto& field : message) {
    exchange_.headers.emplace_back(view(field.name_string()), view(field.value()));
  }
  exchange_.request = {.method = head ? "GET" : view(message.method_string()),
                       .target = view(message.target()),
                       .body = message.body(),
                       .headers = exchange_.headers,
                       .client = exchange_.client};
  exchange_.response.clear();
  exchange_.note.clear();
  exchange_.session = shared_from_this();
  stage_ = Stage::kWriting;  // the client has no part in what follows: no deadline of its
  sessions_.answer(exchange_);
}

void HttpSession::Exchange::send() {
  const auto executor = session->socket_.get_executor();
  asio::dispatch(executor, [self = std::move(session)] {
    self->write(self->exchange_.response, self->parser_->get().keep_alive());
  });
}

// Where the client has left, nobody is there to be told.
void HttpSession::on_failed_read(ErrorCode failure) {
  const HttpServerOptions& options = sessions_.options();
  if (late_ && failure == asio::error::operation_aborted) {
    refuse(Refusal::kSlow, 408, describe_slowness());
  } else if (failure == http::error::body_limit) {
    refuse(Refusal::kLarge, 413,
           fmt::format("the request's body is over the limit of {} bytes", options.body_limit));
  } else if (failure == http::error::header_limit) {
    refuse(Refusal::kLarge, 431,
           fmt::format("the request's header is over the limit of {} bytes", options.header_limit));
  } else if (is_malformed(failure)) {
    refuse(Refusal::kMalformed, 400, "malformed HTTP request: " + failure.message());
  }
}

std::string HttpSession::describe_slowness() const {
  const HttpServerOptions& options = sessions_.options();
  if (!parser_->is_header_done())
    return fmt::format("the request's header did not arrive within {} s", options.header_seconds);
  if (Clock::now() >= after(body_began_, options.body_seconds))
    return fmt::format("the request's body did not arrive within {} s", options.body_seconds);
  return fmt::format("the request's body came at less than {} bytes a second", options.body_rate);
}

void HttpSession::refuse(Refusal reason, int status, const std::string& message, double retry_after_seconds) {
  sessions_.count(reason);
  HttpResponse answer = error_response(status, message);
  if (retry_after_seconds > 0) {
    answer.headers.emplace_back("Retry-After", fmt::format("{:.0f}", std::ceil(retry_after_seconds)));
  }
  write(answer, false);
}

void HttpSession::write(HttpResponse& answer, bool keep_alive) {
  const auto& request = parser_->get();
  response_ = {};
  response_.version(request.version() == 10 ? 10 : 11);
  response_.result(static_cast<unsigned>(answer.status));
  response_.set(http::field::content_type,
                beast::string_view(answer.content_type.data(), answer.content_type.size()));
  for (const auto& [name, value] : answer.headers) response_.set(name, value);
  response_.keep_alive(keep_alive && !sessions_.draining());
  response_.body() = std::move(answer.body);
  response_.prepare_payload();
  serializer_.emplace(response_);
  enter(Stage::kWriting, sessions_.options().idle_seconds);
  auto done = beast::bind_front_handler(&HttpSession::on_written, shared_from_this());
  if (request.method() == http::verb::head) {
    http::async_write_header(socket_, *serializer_, std::move(done));
  } else {
    http::async_write(socket_, *serializer_, std::move(done));
  }
}

void HttpSession::on_written(ErrorCode failure, std::size_t) {
  release();
  if (failure) return;
  if (response_.keep_alive()) return wait_for_request();
  close();
}

// Closing a socket with unread input resets the connection, and the client may lose the answer. So: say that
// nothing more comes, then take what is still sent, for a while.
void HttpSession::close() {
  ErrorCode ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  enter(Stage::kClosing, kLingerSeconds);
  discard_input();
}

void HttpSession::discard_input() {
  socket_.async_read_some(asio::buffer(discarded_),
                          [self = shared_from_this()](ErrorCode failure, std::size_t) {
                            if (!failure) self->discard_input();
                          });
}

// What is under way ends with an error, and the session with it.
void HttpSession::drop() {
  ErrorCode ignored;
  socket_.close(ignored);
}

void HttpSession::release() {
  if (counted_) sessions_.end_request();
  counted_ = false;
}

}  // namespace millrace
