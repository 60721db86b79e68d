// One connection: reads a request, has it answered, writes the answer, and so on, one request at a time, so
// that pipelined requests are answered in order. Internal to net/.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

#include "net/http.hpp"
#include "net/request_reader.hpp"
#include "net/sessions.hpp"
#include "net/stream.hpp"

namespace millrace {

// Lives as long as an operation on its socket is under way or its request is being answered. All of it but
// start(), turn_away(), drain() and Exchange::send() runs on its thread, the only one of its io_context.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  // `listener`: see HttpRequest.
  HttpSession(std::unique_ptr<ByteStream> stream, std::size_t listener, Sessions& sessions);
  ~HttpSession();
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;

  // From any thread.
  void start();
  void turn_away();  // instead of start(): there are too many
  void drain();

 private:
  static constexpr double kBusySeconds = 1;  // after which a client may hope for room
  using Executor = boost::asio::io_context::executor_type;
  using ErrorCode = boost::system::error_code;
  using Clock = std::chrono::steady_clock;
  enum class Stage { kHandshake, kWaiting, kReading, kAnswering, kWriting, kClosing };

  // session.cpp: how a request arrives. Where a bool is returned, false says that the session waits for
  // something, or ends.
  Completion then(void (HttpSession::*next)(ErrorCode, std::size_t));
  void on_handshake(ErrorCode failure, std::size_t size);
  void read();
  void on_read(ErrorCode failure, std::size_t size);
  void go_on();
  bool step();
  bool begin_request();
  bool begin_body();
  void on_continued(ErrorCode failure, std::size_t size);
  void begin_reading();
  [[nodiscard]] bool idle();

  // session_answer.cpp: how it is answered
  bool answer();
  bool write_answer();
  void on_answered();
  bool write(const HttpResponse& answer, bool keep_alive);
  void on_written(ErrorCode failure, std::size_t size);
  bool finish_request();
  void record();

  // session_refusal.cpp: what does not reach the handler
  bool is_admitted();
  bool keeps_rate();
  void on_failed_read(ErrorCode failure);
  void on_bad_request(ErrorCode failure);
  [[nodiscard]] std::string describe_slowness() const;
  void refuse(Refusal reason, int status, const std::string& message, double retry_after_seconds = 0);

  // session_end.cpp
  void close();
  void on_ended(ErrorCode failure, std::size_t size);
  void discard_input();
  void on_discarded(ErrorCode failure, std::size_t size);
  void drop();
  void release();

  // session_deadline.cpp
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
    std::string client;
    std::string identity;
  };

  std::unique_ptr<ByteStream> stream_;
  Executor executor_;
  boost::asio::executor_work_guard<Executor> work_;  // an answer may be made elsewhere
  Sessions& sessions_;
  std::size_t listener_;
  boost::asio::ip::address address_;  // unspecified: none
  RequestReader reader_;
  Exchange exchange_;
  bool surplus_ = false;  // to be turned away
  bool in_handler_ = false;
  bool answered_ = false;  // by the handler before it returned
  bool counted_ = false;   // among the requests in flight

  std::string head_;  // of the answer, with its body where that is small
  ByteStream::Output output_;
  std::size_t output_bytes_ = 0;
  bool keep_alive_ = false;
  std::array<char, 1024> discarded_{};

  Clock::time_point began_;  // when the request's first byte arrived
  Clock::time_point body_began_;

  Stage stage_ = Stage::kHandshake;
  bool late_ = false;  // the stage's deadline has passed
  Clock::time_point deadline_;
  boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor> timer_;
  bool timer_runs_ = false;
};

}  // namespace millrace
