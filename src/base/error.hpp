// Errors that carry their chain of causes, and the exit codes that every subcommand returns.
//
// An error made low down gains context on its way up and is printed once:
//   reading block 17 of day-03.csv: line 40211, column 'age': '4o' is no integer
// A user's mistake is an Error; anything else that escapes is a fault of ours (exit code 1). Each Error has a
// topic, an entry of the catalogue in base/topics.hpp, which is what docs/errors.md and `millrace explain`
// say about it. Where none is named, it is the general one of its exit code.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

#include <fmt/core.h>

namespace millrace {

enum class ExitCode : int {
  kDone = 0,
  kInternal = 1,       // a fault of ours
  kUsage = 2,          // command line or configuration
  kDataRejected = 3,   // validation or the reject limit refused the data
  kGateNotPassed = 4,  // worse than the champion, or an approval is missing
  kDrift = 5,          // drift or a service level calls for retraining
  kResource = 6,       // a file, device or server is missing or unreachable
  kStopped = 75,       // stopped early with a checkpoint: requeue me
};

enum class Topic : std::uint8_t;  // base/topics.hpp

class Error : public std::exception {
 public:
  Error(ExitCode code, std::string message);
  // With the topic's exit code.
  template <class... Args>
  Error(Topic topic, fmt::format_string<Args...> format, Args&&... args)
      : Error(topic, Formatted{fmt::format(format, std::forward<Args>(args)...)}) {}

  [[nodiscard]] ExitCode code() const noexcept { return code_; }
  [[nodiscard]] Topic topic() const noexcept { return topic_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

  // The same error as seen one level up: "context: message".
  [[nodiscard]] Error in(const std::string& context) const { return reworded(context + ": " + message_); }
  // The same error in other words.
  [[nodiscard]] Error reworded(std::string message) const;

 private:
  struct Formatted {
    std::string text;
  };
  Error(Topic topic, Formatted message);

  ExitCode code_;
  Topic topic_;
  std::string message_;
};

template <class... Args>
Error usage_error(fmt::format_string<Args...> format, Args&&... args) {
  return {ExitCode::kUsage, fmt::format(format, std::forward<Args>(args)...)};
}
template <class... Args>
Error data_error(fmt::format_string<Args...> format, Args&&... args) {
  return {ExitCode::kDataRejected, fmt::format(format, std::forward<Args>(args)...)};
}
template <class... Args>
Error resource_error(fmt::format_string<Args...> format, Args&&... args) {
  return {ExitCode::kResource, fmt::format(format, std::forward<Args>(args)...)};
}
template <class... Args>
Error internal_error(fmt::format_string<Args...> format, Args&&... args) {
  return {ExitCode::kInternal, fmt::format(format, std::forward<Args>(args)...)};
}

// errno in words, for a failed system call on a path: "cannot open 'x.csv': No such file or directory".
// Exit code kResource; the topic is the errno's (a full disk, a missing file, …).
Error errno_error(const std::string& action, const std::string& path, int error_number);
Error errno_error(const std::string& action, const std::string& path, const std::error_code& error);

// The error in flight (inside a catch block) as an Error: foreign exceptions become kInternal, bad_alloc
// kResource.
Error current_error();

// Runs `body`; an error that leaves it gains `context` in front.
template <class Body>
std::invoke_result_t<Body> with_context(const std::string& context, Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (...) {
    throw current_error().in(context);
  }
}

}  // namespace millrace
