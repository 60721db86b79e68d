// An HTTP server that says exactly what a test wants, also what no server should: each connection's request
// goes to a function, whose bytes are sent before the connection is closed.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.hpp"

namespace millrace::testing_support {

struct RawRequest {
  std::string text;  // request line and headers
  std::string body;

  [[nodiscard]] std::string method() const { return text.substr(0, text.find(' ')); }

  [[nodiscard]] std::string target() const {
    const auto begin = text.find(' ') + 1;
    return text.substr(begin, text.find(' ', begin) - begin);
  }
  // "" where there is none; `name` in lower case.
  [[nodiscard]] std::string header(const std::string& name) const {
    std::string lower = text;
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const auto at = lower.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const auto begin = at + name.size() + 4;
    return text.substr(begin, text.find("\r\n", begin) - begin);
  }
};

// An answer with a right Content-Length.
inline std::string answer(int status, const std::string& headers, const std::string& body) {
  return fmt::format("HTTP/1.1 {} X\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n{}", status,
                     body.size(), headers, body);
}

// The range that is asked for of an object, as a well-behaved server answers.
inline std::string answer_range(const RawRequest& request, const std::string& object,
                                const std::string& etag) {
  const std::string tag = etag.empty() ? "" : "ETag: " + etag + "\r\n";
  const std::string match = request.header("if-match");
  if (!match.empty() && match != etag) return answer(412, "", "");
  const std::string range = request.header("range");
  if (range.empty()) return answer(200, tag, object);
  const auto dash = range.find('-');
  const std::size_t first = std::stoull(range.substr(6, dash - 6));
  const std::size_t last = std::min<std::size_t>(std::stoull(range.substr(dash + 1)), object.size() - 1);
  if (first >= object.size())
    return answer(416, fmt::format("{}Content-Range: bytes */{}\r\n", tag, object.size()), "");
  return answer(206, fmt::format("{}Content-Range: bytes {}-{}/{}\r\n", tag, first, last, object.size()),
                object.substr(first, last - first + 1));
}

class RawServer {
 public:
  using Handler = std::function<std::string(const RawRequest&)>;

  explicit RawServer(Handler handler)
      : handler_(std::move(handler)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::socklen_t size = sizeof(address);
    if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_.get(), 64) != 0 ||
        ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("no server");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~RawServer() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    acceptor_.join();
    for (std::thread& connection : connections_) connection.join();
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  [[nodiscard]] std::string url(const std::string& target) const {
    return fmt::format("http://127.0.0.1:{}{}", port_, target);
  }
  [[nodiscard]] int requests() const { return requests_; }

 private:
  void accept_all() {
    for (;;) {
      const int fd = ::accept(listener_.get(), nullptr, nullptr);
      if (fd < 0) return;
      connections_.emplace_back([this, fd] { serve(UniqueFd(fd)); });
    }
  }

  void serve(UniqueFd connection) {
    RawRequest request;
    std::array<char, 4096> buffer{};
    const auto receive = [&](std::string& to) {
      const ::ssize_t got = ::recv(connection.get(), buffer.data(), buffer.size(), 0);
      if (got > 0) to.append(buffer.data(), static_cast<std::size_t>(got));
      return got > 0;
    };
    std::size_t end = std::string::npos;
    while ((end = request.text.find("\r\n\r\n")) == std::string::npos) {
      if (!receive(request.text)) return;
    }
    request.body = request.text.substr(end + 4);
    request.text.resize(end + 4);
    const std::string length = request.header("content-length");
    while (!length.empty() && request.body.size() < std::stoull(length)) {
      if (!receive(request.body)) return;
    }
    ++requests_;
    std::string_view bytes;
    const std::string text = handler_(request);
    for (bytes = text; !bytes.empty();) {
      const ::ssize_t sent = ::send(connection.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    ::shutdown(connection.get(), SHUT_WR);
    while (::recv(connection.get(), buffer.data(), buffer.size(), 0) > 0) {
    }
  }

  Handler handler_;
  UniqueFd listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> requests_{0};
  std::vector<std::thread> connections_;
  std::thread acceptor_;
};

}  // namespace millrace::testing_support
