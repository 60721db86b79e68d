// One connection: reads a request, has it answered, writes the answer, and so on, one request at a time, so
// that pipelined requests are answered in order. Internal to net/.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_set>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "net/http.hpp"

namespace millrace {

class HttpSession;

// What the sessions of a server share, and who they are. Thread-safe; outlives its sessions.
class Sessions {
 public:
  Sessions(HttpServerOptions options, HttpHandler handler)
      : options_(std::move(options)), handler_(std::move(handler)) {}

  [[nodiscard]] const HttpServerOptions& options() const { return options_; }
  // The handler's answer, or what its exception becomes.
  [[nodiscard]] HttpResponse answer(const HttpRequest& request) const noexcept;

  void add(HttpSession* session);
  void remove(HttpSession* session);
  // From now on each session ends with the request it has begun; idle ones end at once.
  void drain();
  [[nodiscard]] bool draining() const { return draining_.load(std::memory_order_relaxed); }

 private:
  HttpServerOptions options_;
  HttpHandler handler_;
  std::atomic<bool> draining_ = false;
  std::mutex mutex_;
  std::unordered_set<HttpSession*> sessions_;
};

// Lives as long as an operation of it is under way. All of it but drain() runs on its strand.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  using Executor = boost::asio::strand<boost::asio::io_context::executor_type>;
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

  HttpSession(Socket socket, Sessions& sessions);
  ~HttpSession();
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;

  void start();
  void drain();  // from any thread

 private:
  using Body = boost::beast::http::string_body;
  using ErrorCode = boost::beast::error_code;

  void read_header();
  void on_header(ErrorCode failure, std::size_t size);
  void ask_for_body();
  void read_body();
  void on_request(ErrorCode failure, std::size_t size);
  void on_failed_read(ErrorCode failure);
  void refuse(int status, const std::string& message);
  void write(HttpResponse answer, bool keep_alive);
  void on_written(ErrorCode failure, std::size_t size);
  void close();
  void discard_input();
  [[nodiscard]] bool idle();

  boost::beast::basic_stream<boost::asio::ip::tcp, Executor> stream_;
  Sessions& sessions_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<Body>> parser_;
  boost::beast::http::response<Body> response_;
  std::optional<boost::beast::http::response_serializer<Body>> serializer_;
  std::array<char, 4096> discarded_{};
  bool waiting_ = false;  // for the header of the next request
  bool closing_ = false;  // the last answer is written
};

}  // namespace millrace
