// The floor under an HTTP server's cost: one thread, one epoll, and the same answer to whatever comes. Of a
// request it looks for the end alone: the header's, and with Content-Length the body's. For benchmarks/run
// serving.
//   bench_bare_server BODY_FILE ADDRESS_FILE
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>
#include <unordered_map>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/publish.hpp"

namespace millrace {
namespace {

UniqueFd listen_anywhere(std::string& address) {
  UniqueFd listener(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(name);
  if (::bind(listener.get(), reinterpret_cast<sockaddr*>(&name), size) != 0 ||
      ::listen(listener.get(), 4096) != 0 ||
      ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&name), &size) != 0) {
    throw errno_error("listen on", "127.0.0.1", errno);
  }
  address = "127.0.0.1:" + std::to_string(ntohs(name.sin_port));
  return listener;
}

// Bytes of the first request in `text`; 0 where it is not whole yet.
std::size_t request_size(std::string_view text) {
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  const auto end = text.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  const auto field = text.substr(0, end).find(kLength);
  std::size_t length = 0;
  if (field != std::string_view::npos)
    std::from_chars(text.data() + field + kLength.size(), text.data() + end, length);
  return text.size() >= end + 4 + length ? end + 4 + length : 0;
}

class BareServer {
 public:
  BareServer(UniqueFd listener, const std::string& body)
      : listener_(std::move(listener)),
        epoll_(::epoll_create1(0)),
        answer_("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n\r\n" + body) {
    watch(listener_.get());
  }

  [[noreturn]] void run() {
    std::array<epoll_event, 256> events;
    for (;;) {
      const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), -1);
      for (int i = 0; i < count; ++i) {
        const int fd = events[static_cast<std::size_t>(i)].data.fd;
        fd == listener_.get() ? accept() : serve(fd);
      }
    }
  }

 private:
  void watch(int fd) const {
    epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
  }

  void accept() {
    UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, 0));
    if (!fd.valid()) return;
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    watch(fd.get());
    const int number = fd.get();
    connections_[number] = {std::move(fd), {}};
  }

  void serve(int fd) {
    static std::array<char, 65536> buffer;
    const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got <= 0) {
      connections_.erase(fd);
      return;
    }
    std::string& pending = connections_[fd].pending;
    std::string_view text(buffer.data(), static_cast<std::size_t>(got));
    if (!pending.empty()) text = pending.append(text);
    const std::size_t size = request_size(text);
    if (size == 0 && pending.empty()) pending = text;
    if (size == 0) return;
    ::send(fd, answer_.data(), answer_.size(), MSG_NOSIGNAL);
    pending.clear();
  }

  struct Connection {
    UniqueFd fd;
    std::string pending;  // of a request that came in pieces
  };
  UniqueFd listener_;
  UniqueFd epoll_;
  std::string answer_;
  std::unordered_map<int, Connection> connections_;
};

}  // namespace
}  // namespace millrace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: bench_bare_server BODY_FILE ADDRESS_FILE\n");
    return 2;
  }
  try {
    std::string address;
    millrace::BareServer server(millrace::listen_anywhere(address), millrace::read_file(argv[1]));
    millrace::publish_file(argv[2], address + "\n");
    server.run();
  } catch (...) {
    std::fprintf(stderr, "bench_bare_server: %s\n", millrace::current_error().message().c_str());
    return 1;
  }
}
