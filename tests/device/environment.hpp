// Environment variables that a test sets, and that are unset after it.
#pragma once

#include <cstdlib>
#include <string>
#include <vector>

namespace millrace::testing_support {

class Environment {
 public:
  Environment() = default;
  ~Environment() {
    for (const std::string& name : set_) ::unsetenv(name.c_str());
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  void set(const std::string& name, const std::string& value) {
    ::setenv(name.c_str(), value.c_str(), 1);
    set_.push_back(name);
  }
  static void unset(const std::string& name) { ::unsetenv(name.c_str()); }

 private:
  std::vector<std::string> set_;
};

}  // namespace millrace::testing_support
