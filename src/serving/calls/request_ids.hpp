// Names for requests whose clients give them none. Internal to serving/.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace millrace {

// Unlike those of any other server or start: a random beginning and a number. Thread-safe.
class RequestIds {
 public:
  RequestIds();
  void next(std::string& to);  // 24 characters

 private:
  std::uint64_t start_;
  std::atomic<std::uint64_t> count_{0};
};

}  // namespace millrace
