#include "load/connection.hpp"

#include <array>
#include <cerrno>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>

namespace millrace::load {

Connection::Event Connection::open(const Address& address, int epoll, std::uint32_t tag) {
  epoll_ = epoll;
  tag_ = tag;
  socket_ = UniqueFd(::socket(address.bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket_.valid()) return fail(Event::kUnreachable, errno);
  const int on = 1;
  ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  const int done = ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address.bytes), address.size);
  if (done != 0 && errno != EINPROGRESS) return fail(Event::kUnreachable, errno);
  state_ = done == 0 ? State::kIdle : State::kConnecting;
  epoll_event event{.events = done == 0 ? EPOLLIN : EPOLLOUT, .data = {.u32 = tag}};
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket_.get(), &event);
  return done == 0 ? Event::kConnected : Event::kNothing;
}

void Connection::close() {
  socket_ = UniqueFd();  // epoll forgets it
  state_ = State::kClosed;
}

Connection::Event Connection::fail(Event event, int error_number) {
  error_number_ = error_number;
  return event;
}

void Connection::wait_for(std::uint32_t events) const {
  epoll_event event{.events = events, .data = {.u32 = tag_}};
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, socket_.get(), &event);
}

Connection::Event Connection::ask(std::string_view request, Question question) {
  unsent_ = request;
  question_ = question;
  response_.reset();
  state_ = State::kBusy;
  const Event event = send();
  if (!unsent_.empty() && event == Event::kNothing) wait_for(EPOLLIN | EPOLLOUT);
  return event;
}

Connection::Event Connection::send() {
  while (!unsent_.empty()) {
    const ssize_t done = ::send(socket_.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return errno == EAGAIN ? Event::kNothing : fail(Event::kLost, errno);
    unsent_.remove_prefix(static_cast<std::size_t>(done));
  }
  return Event::kNothing;
}

Connection::Event Connection::take(std::uint32_t events) {
  if (state_ == State::kConnecting) return finish_connecting();
  // An answer that came before the request was whole, say a 413, is read before sending fails for it.
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) return receive();
  const Event event = send();
  if (unsent_.empty()) wait_for(EPOLLIN);
  return event;
}

Connection::Event Connection::finish_connecting() {
  int failure = 0;
  socklen_t size = sizeof(failure);
  ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &failure, &size);
  if (failure != 0) return fail(Event::kUnreachable, failure);
  state_ = State::kIdle;
  wait_for(EPOLLIN);
  return Event::kConnected;
}

Connection::Event Connection::receive() {
  thread_local std::array<char, 65536> buffer;
  const ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return Event::kNothing;
  if (got <= 0 || state_ == State::kIdle) return fail(Event::kLost, got < 0 ? errno : 0);
  switch (response_.feed({buffer.data(), static_cast<std::size_t>(got)})) {
    case ResponseScanner::State::kIncomplete:
      return Event::kNothing;
    case ResponseScanner::State::kMalformed:
      return Event::kMalformed;
    default:
      state_ = State::kIdle;
      return Event::kAnswer;
  }
}

}  // namespace millrace::load
