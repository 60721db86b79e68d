// What each request was and how it was answered, as JSON lines. Internal to net/.
#pragma once

#include <atomic>
#include <string_view>

#include "base/rotating_log.hpp"
#include "net/http.hpp"

namespace millrace {

struct AccessRecord {
  std::string_view client;
  std::string_view identity;
  std::string_view method;  // "" where none has arrived
  std::string_view target;
  int status = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  double seconds = 0;     // from the request's first byte to the answer's last
  std::string_view note;  // HttpExchange's
};

// The line, with `time` (RFC 3339) first.
std::string to_json(const AccessRecord& record, std::string_view time);

// Thread-safe.
class AccessLog {
 public:
  explicit AccessLog(const HttpAccessLog& options);
  void add(const AccessRecord& record);  // or not: see HttpAccessLog's `sample`
  [[nodiscard]] std::uint64_t dropped() const { return log_.dropped(); }

 private:
  const std::uint32_t sample_;
  std::atomic<std::uint64_t> good_ = 0;
  RotatingLog log_;
};

}  // namespace millrace
