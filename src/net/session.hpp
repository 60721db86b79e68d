// One connection: reads a request, has it answered, writes the answer, and so on, one request at a time, so
// that pipelined requests are answered in order. Internal to net/.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "net/http.hpp"
#include "net/sessions.hpp"

namespace millrace {

// Lives as long as an operation on its socket is under way. All of it but drain() runs on its strand.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  using Executor = boost::asio::strand<boost::asio::io_context::executor_type>;
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

  HttpSession(Socket socket, Sessions& sessions);
  ~HttpSession();
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;

  void start();
  void turn_away();  // instead of start(): there are too many
  void drain();      // from any thread

 private:
  using Body = boost::beast::http::string_body;
  using ErrorCode = boost::beast::error_code;
  using Clock = std::chrono::steady_clock;
  enum class Stage { kWaiting, kReading, kWriting, kClosing };

  void wait_for_request();
  void read_header();
  void on_header(ErrorCode failure, std::size_t size);
  bool is_admitted();
  bool keeps_rate();
  void ask_for_body();
  void read_body();
  void on_piece(ErrorCode failure, std::size_t size);
  void on_request(ErrorCode failure, std::size_t size);
  void on_failed_read(ErrorCode failure);
  [[nodiscard]] std::string describe_slowness() const;
  void refuse(Refusal reason, int status, const std::string& message, double retry_after_seconds = 0);
  void write(HttpResponse& answer, bool keep_alive);
  void on_written(ErrorCode failure, std::size_t size);
  void close();
  void discard_input();
  void drop();
  void release();
  [[nodiscard]] bool idle();

  static Clock::time_point after(Clock::time_point start, double seconds);
  [[nodiscard]] double body_seconds() const;
  void enter(Stage stage, double seconds);
  void expect_by(Clock::time_point deadline);
  void start_timer();
  void on_timer();
  void on_deadline();

  // The request at hand; keeps the session while it is being answered.
  struct Exchange final : HttpExchange {
    void send() override;
    std::shared_ptr<HttpSession> session;
    std::vector<HttpHeader> headers;
    std::string client;
  };

  Socket socket_;
  Sessions& sessions_;
  Exchange exchange_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<Body>> parser_;
  boost::beast::http::response<Body> response_;
  std::optional<boost::beast::http::response_serializer<Body>> serializer_;
  std::array<char, 4096> discarded_{};
  bool counted_ = false;  // among the requests in flight

  Clock::time_point body_began_;
  std::size_t body_bytes_ = 0;  // that have arrived

  Stage stage_ = Stage::kWaiting;
  bool late_ = false;  // the stage's deadline has passed
  Clock::time_point deadline_;
  boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor> timer_;
  bool timer_runs_ = false;
};

}  // namespace millrace
