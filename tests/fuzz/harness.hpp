// What a harness is: fuzz() gets any bytes and returns where the code under test kept its promise; else it
// calls fail(), or lets out an exception that is no Error. libfuzzer.cpp or replay.cpp calls it.
#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <string>

#include "base/error.hpp"

namespace millrace::fuzzing {

void fuzz(const std::string& input);

[[noreturn]] inline void fail(const std::string& what, const std::string& shown = "") {
  std::fprintf(stderr, "%s: %s\n", what.c_str(), shown.substr(0, 1000).c_str());
  std::abort();
}

inline void require(bool holds, const std::string& what, const std::string& shown = "") {
  if (!holds) fail(what, shown);
}

// Whether `body` took its input; it may refuse it with an Error of these codes and of no other.
template <class Body>
bool accepts(Body&& body, std::initializer_list<ExitCode> codes) {
  try {
    body();
    return true;
  } catch (const Error& error) {
    if (std::find(codes.begin(), codes.end(), error.code()) == codes.end()) {
      fail(fmt::format("an error of the wrong kind ({})", static_cast<int>(error.code())), error.message());
    }
    require(!error.message().empty(), "an error without words");
  }
  return false;
}

// Cuts the first line off; the rest is what follows its line end.
inline std::string take_line(std::string& rest) {
  const auto end = std::min(rest.find('\n'), rest.size());
  const std::string line = rest.substr(0, end);
  rest.erase(0, std::min(end + 1, rest.size()));
  return line;
}

}  // namespace millrace::fuzzing
