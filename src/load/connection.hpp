// One keep-alive connection that asks one question at a time and is made anew when it is lost. Internal to
// load/; it belongs to one thread, whose epoll tells of its events.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/file.hpp"
#include "load/address.hpp"
#include "load/response_scanner.hpp"

namespace millrace::load {

class Connection {
 public:
  enum class State : std::uint8_t { kClosed, kConnecting, kIdle, kBusy };
  enum class Event : std::uint8_t {
    kNothing,
    kConnected,
    kAnswer,       // see response()
    kMalformed,    // see response()
    kLost,         // the server closed it, or it broke
    kUnreachable,  // it did not come about: see error_number()
  };

  // Times are nanoseconds since the start.
  struct Question {
    std::uint64_t due;
    std::uint64_t sent;
  };

  // `tag` comes back with its events. kConnected, kUnreachable, or kNothing: it is under way.
  Event open(const Address& address, int epoll, std::uint32_t tag);
  void close();
  // `request` must outlive the answer; the connection must be idle. kNothing or kLost.
  Event ask(std::string_view request, Question question);
  // For what epoll says.
  Event take(std::uint32_t events);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const Question& question() const { return question_; }
  [[nodiscard]] const ResponseScanner& response() const { return response_; }
  // After an answer: whether no further question can follow.
  [[nodiscard]] bool is_spent() const { return response_.closes() || !unsent_.empty(); }
  [[nodiscard]] int error_number() const { return error_number_; }

 private:
  Event finish_connecting();
  Event send();
  Event receive();
  Event fail(Event event, int error_number);
  void wait_for(std::uint32_t events) const;

  UniqueFd socket_;
  int epoll_ = -1;
  std::uint32_t tag_ = 0;
  State state_ = State::kClosed;
  std::string_view unsent_;
  Question question_{};
  ResponseScanner response_;
  int error_number_ = 0;
};

}  // namespace millrace::load
