// How a request is answered: the handler's part, the answer's bytes, the line in the access log.
#include <algorithm>

#include <boost/asio/post.hpp>

#include "net/answer_head.hpp"
#include "net/session.hpp"

namespace millrace {

namespace {

namespace asio = boost::asio;

constexpr std::size_t kSmallBytes = 16384;  // a body that is copied behind its head: one piece, one packet
constexpr std::size_t kIdleAnswerBytes = 65536;  // of an answer that a connection may hold on to

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
  if (exchange_.response.body.capacity() > kIdleAnswerBytes) std::string().swap(exchange_.response.body);
  if (!keep_alive_) {
    close();
    return false;
  }
  reader_.next();
  return begin_request();
}

}  // namespace millrace
