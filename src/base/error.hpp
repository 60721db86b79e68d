// Errors that carry their chain of causes, and the exit codes that every subcommand returns.
//
// An error made low down gains context on its way up and is printed once:
//   reading block 17 of day-03.csv: line 40211, column 'age': '4o' is no integer
// A user's mistake is an Error; anything else that escapes is a fault of ours (exit code 1).
#pragma once

#include <exception>
#include <string>
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

class Error : public std::exception {
 public:
  Error(ExitCode code, std::string message) : code_(code), message_(std::move(message)) {}

  [[nodiscard]] ExitCode code() const noexcept { return code_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

  // The same error as seen one level up: "context: message".
  [[nodiscard]] Error in(const std::string& context) const { return {code_, context + ": " + message_}; }

 private:
  ExitCode code_;
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
// Exit code kResource.
Error errno_error(const std::string& action, const std::string& path, int error_number);

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
