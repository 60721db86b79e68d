// Finds the end of an HTTP/1.1 answer and its status, and as good as nothing else: a load generator must cost
// less than the server that it measures. Answers need a Content-Length.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace millrace::load {

class ResponseScanner {
 public:
  enum class State : std::uint8_t { kIncomplete, kComplete, kMalformed };

  // Takes the next bytes of the connection. One answer at a time: what follows its end is malformed.
  State feed(std::string_view bytes);
  // For the next answer.
  void reset();

  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] bool is_success() const { return status_ >= 200 && status_ < 300; }
  [[nodiscard]] bool closes() const { return closes_; }  // "Connection: close", or HTTP/1.0
  // The body's first 4 KiB, unless is_success().
  [[nodiscard]] const std::string& body() const { return body_; }
  [[nodiscard]] const char* complaint() const { return complaint_; }  // about what is malformed

 private:
  State scan_header(std::string_view header, std::string_view rest);
  bool scan_status(std::string_view line);
  bool scan_field(std::string_view line);
  State take_body(std::string_view bytes);
  State refuse(const char* complaint);

  std::string header_;  // what has arrived of it, where it comes in pieces
  bool in_body_ = false;
  int status_ = 0;
  bool closes_ = false;
  bool has_length_ = false;
  std::uint64_t missing_ = 0;  // bytes of the body
  std::string body_;
  const char* complaint_ = "";
};

}  // namespace millrace::load
