// A server on a free port that runs on a thread of its own, and a raw socket to say malformed things to it.
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.hpp"
#include "net/http.hpp"

namespace millrace::testing_support {

class RunningServer {
 public:
  using Answer = std::function<HttpResponse(const HttpRequest&)>;
  explicit RunningServer(Answer answer, HttpServerOptions options = {}, std::function<void()> tick = {})
      : RunningServer(answering(std::move(answer)), std::move(options), std::move(tick)) {}
  explicit RunningServer(HttpHandler handler, HttpServerOptions options = {}, std::function<void()> tick = {})
      : counters_(options.counters),
        server_(std::move(options), std::move(handler)),
        thread_([this, tick = std::move(tick)] { server_.run(tick); }) {}
  ~RunningServer() { stop(); }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  void stop() {
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }
  void ask_to_stop() { server_.stop(); }
  [[nodiscard]] std::uint16_t port(std::size_t listener = 0) const { return server_.port(listener); }
  [[nodiscard]] std::string address(std::size_t listener) const { return server_.address(listener); }
  [[nodiscard]] std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port()) + path;
  }
  [[nodiscard]] const HttpCounters& counters() const { return *counters_; }

 private:
  std::shared_ptr<HttpCounters> counters_;
  HttpServer server_;
  std::thread thread_;
};

inline HttpResponse echo(const HttpRequest& request) {
  return {.body = fmt::format("{} {} {}", request.method, request.target, request.body)};
}

inline std::uint64_t refused(const RunningServer& server, Refusal reason) {
  return server.counters().refused.at(static_cast<std::size_t>(reason));
}

// Whether `condition` holds at last: looks for 10 s.
inline bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

class RawConnection {
 public:
  explicit RawConnection(std::uint16_t port) : RawConnection(AF_INET) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect(reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  }
  // To a socket of the file system.
  explicit RawConnection(const std::string& path) : RawConnection(AF_UNIX) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    connect(reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  }

  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] bool send(std::string_view text) const {
    return ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  // Up to and with `end`, or what there is until the server closes (or 20 s have gone).
  [[nodiscard]] std::string read_until(std::string_view end) {
    std::string text;
    char byte = 0;
    while (!text.ends_with(end) && ::recv(socket_.get(), &byte, 1, 0) == 1) text += byte;
    return text;
  }
  [[nodiscard]] std::string read_all() {
    std::string text;
    std::array<char, 4096> piece;
    ssize_t size = 0;
    while ((size = ::recv(socket_.get(), piece.data(), piece.size(), 0)) > 0)
      text.append(piece.data(), static_cast<std::size_t>(size));
    return text;
  }
  // Whether anything arrives within `milliseconds`.
  [[nodiscard]] bool readable(int milliseconds) const {
    pollfd poll{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    return ::poll(&poll, 1, milliseconds) == 1;
  }
  void end_sending() const { ::shutdown(socket_.get(), SHUT_WR); }
  // Ends the connection at once, with a reset: what the other side still has to say is lost.
  void vanish() {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    socket_ = UniqueFd();
  }
  // True where the server has closed the connection.
  [[nodiscard]] bool at_end() const {
    char byte = 0;
    return ::recv(socket_.get(), &byte, 1, 0) == 0;
  }

 private:
  explicit RawConnection(int family) : socket_(::socket(family, SOCK_STREAM, 0)) {
    const timeval limit{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  }
  void connect(const sockaddr* address, socklen_t size) {
    connected_ = ::connect(socket_.get(), address, size) == 0;
  }

  UniqueFd socket_;
  bool connected_ = false;
};

}  // namespace millrace::testing_support
