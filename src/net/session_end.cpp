// How a connection ends.
#include "net/session.hpp"

namespace millrace {

namespace {

constexpr double kLingerSeconds = 2;

}  // namespace

// Closing a socket with unread input resets the connection, and the client may lose the answer. So: say that
// nothing more comes, then take what is still sent, for a while.
void HttpSession::close() {
  enter(Stage::kClosing, kLingerSeconds);
  stream_->end(then(&HttpSession::on_ended));
}

void HttpSession::on_ended(ErrorCode, std::size_t) {
  discard_input();
}

void HttpSession::discard_input() {
  stream_->socket().async_read_some(boost::asio::buffer(discarded_), then(&HttpSession::on_discarded));
}

void HttpSession::on_discarded(ErrorCode failure, std::size_t) {
  if (!failure) discard_input();
}

// What is under way ends with an error, and the session with it.
void HttpSession::drop() {
  ErrorCode ignored;
  stream_->socket().close(ignored);
}

void HttpSession::release() {
  if (counted_) sessions_.end_request();
  counted_ = false;
}

}  // namespace millrace
