#include "net/session.hpp"

#include <chrono>

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
constexpr std::chrono::seconds kLinger{2};

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1e3));
}

bool is_malformed(const beast::error_code& failure) {
  return failure.category() == http::make_error_code(http::error::bad_method).category() &&
         failure != http::error::end_of_stream && failure != http::error::partial_message;
}

}  // namespace

HttpSession::HttpSession(Socket socket, Sessions& sessions)
    : stream_(std::move(socket)), sessions_(sessions) {
  sessions_.add(this);
}

HttpSession::~HttpSession() {
  sessions_.remove(this);
}

void HttpSession::start() {
  ErrorCode ignored;  // without it answers are a little slower, no more
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  buffer_.reserve(kReadBufferBytes);
  asio::post(stream_.get_executor(), [self = shared_from_this()] { self->read_header(); });
}

void HttpSession::drain() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    if (self->idle() || self->closing_) self->stream_.close();
  });
}

// Nothing of a request has arrived, not even in the kernel's buffer.
bool HttpSession::idle() {
  ErrorCode ignored;
  return waiting_ && !parser_->got_some() && buffer_.size() == 0 && stream_.socket().available(ignored) == 0;
}

void HttpSession::read_header() {
  parser_.emplace();
  parser_->header_limit(sessions_.options().header_limit);
  parser_->body_limit(sessions_.options().body_limit);
  waiting_ = true;
  if (sessions_.draining() && idle()) return stream_.close();  // nothing unread: no need to linger
  stream_.expires_after(milliseconds(sessions_.options().idle_seconds));
  http::async_read_header(stream_, buffer_, *parser_,
                          beast::bind_front_handler(&HttpSession::on_header, shared_from_this()));
}

void HttpSession::on_header(ErrorCode failure, std::size_t size) {
  waiting_ = false;
  if (failure) return on_failed_read(failure);
  const auto expected = parser_->get()[http::field::expect];
  if (!expected.empty() && !beast::iequals(expected, "100-continue")) {
    return refuse(417, fmt::format("cannot do what 'Expect: {}' asks for", expected.to_string()));
  }
  if (parser_->is_done()) return on_request({}, size);
  if (!expected.empty()) return ask_for_body();
  read_body();
}

void HttpSession::ask_for_body() {
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(stream_, asio::buffer(kContinue.data(), kContinue.size()),
                    [self = shared_from_this()](ErrorCode failure, std::size_t) {
                      if (!failure) self->read_body();
                    });
}

void HttpSession::read_body() {
  http::async_read(stream_, buffer_, *parser_,
                   beast::bind_front_handler(&HttpSession::on_request, shared_from_this()));
}

void HttpSession::on_request(ErrorCode failure, std::size_t) {
  if (failure) return on_failed_read(failure);
  auto& message = parser_->get();
  const bool head = message.method() == http::verb::head;
  const HttpRequest request{.method = head ? "GET" : message.method_string().to_string(),
                            .target = message.target().to_string(),
                            .body = std::move(message.body())};
  write(sessions_.answer(request), message.keep_alive());
}

// Where the client left or took too long, nobody is there to be told.
void HttpSession::on_failed_read(ErrorCode failure) {
  const HttpServerOptions& options = sessions_.options();
  if (failure == http::error::body_limit) {
    return refuse(413, fmt::format("the request's body is over the limit of {} bytes", options.body_limit));
  }
  if (failure == http::error::header_limit) {
    return refuse(431,
                  fmt::format("the request's header is over the limit of {} bytes", options.header_limit));
  }
  if (is_malformed(failure)) refuse(400, "malformed HTTP request: " + failure.message());
}

// What follows on the connection is not to be trusted, so the answer is its last.
void HttpSession::refuse(int status, const std::string& message) {
  write(error_response(status, message), false);
}

void HttpSession::write(HttpResponse answer, bool keep_alive) {
  const auto& request = parser_->get();
  response_ = {};
  response_.version(request.version() == 10 ? 10 : 11);
  response_.result(static_cast<unsigned>(answer.status));
  response_.set(http::field::content_type, answer.content_type);
  for (const auto& [name, value] : answer.headers) response_.set(name, value);
  response_.keep_alive(keep_alive && !sessions_.draining());
  response_.body() = std::move(answer.body);
  response_.prepare_payload();
  serializer_.emplace(response_);
  stream_.expires_after(milliseconds(sessions_.options().idle_seconds));
  auto done = beast::bind_front_handler(&HttpSession::on_written, shared_from_this());
  if (request.method() == http::verb::head) {
    http::async_write_header(stream_, *serializer_, std::move(done));
  } else {
    http::async_write(stream_, *serializer_, std::move(done));
  }
}

void HttpSession::on_written(ErrorCode failure, std::size_t) {
  if (failure) return;
  if (response_.keep_alive()) return read_header();
  close();
}

// Closing a socket with unread input resets the connection, and the client may lose the answer. So: say that
// nothing more comes, then take what is still sent, for a while.
void HttpSession::close() {
  closing_ = true;
  ErrorCode ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  stream_.expires_after(kLinger);
  discard_input();
}

void HttpSession::discard_input() {
  stream_.async_read_some(asio::buffer(discarded_),
                          [self = shared_from_this()](ErrorCode failure, std::size_t) {
                            if (!failure) self->discard_input();
                          });
}

}  // namespace millrace
