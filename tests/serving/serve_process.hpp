// millrace-serve as a child process: what its users run.
#pragma once

#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "support/temporary_folder.hpp"

namespace millrace::testing_support {

class ServeProcess {
 public:
  // Options are millrace-serve's; --port 0 and --address-file are added where `listens`.
  explicit ServeProcess(std::vector<std::string> options, bool listens = true) {
    if (listens) options.insert(options.end(), {"--port", "0", "--address-file", folder_ / "address"});
    options.insert(options.begin(), MILLRACE_SERVE);
    std::vector<char*> arguments;
    for (std::string& option : options) arguments.push_back(option.data());
    arguments.push_back(nullptr);
    process_ = ::fork();
    if (process_ == 0) run(arguments);
    if (listens) wait_for_address();
  }
  ~ServeProcess() {
    if (process_ > 0) ::kill(process_, SIGKILL);
    wait();
  }
  ServeProcess(const ServeProcess&) = delete;
  ServeProcess& operator=(const ServeProcess&) = delete;

  [[nodiscard]] std::string address() const { return address_; }  // empty: it did not start
  [[nodiscard]] std::string url(const std::string& path) const { return "http://" + address_ + path; }
  [[nodiscard]] std::uint16_t port() const {
    return static_cast<std::uint16_t>(std::stoul(address_.substr(address_.rfind(':') + 1)));
  }
  [[nodiscard]] bool has_address_file() const { return ::access((folder_ / "address").c_str(), F_OK) == 0; }
  void stop() const { ::kill(process_, SIGTERM); }
  // Its exit code; -1 where a signal ended it.
  int wait() {
    if (process_ <= 0) return exit_code_;
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = 0;
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return exit_code_;
  }
  [[nodiscard]] std::string output() const { return read_file(folder_ / "stdout"); }
  [[nodiscard]] std::string errors() const { return read_file(folder_ / "stderr"); }

 private:
  [[noreturn]] void run(const std::vector<char*>& arguments) const {
    ::dup2(::open((folder_ / "stdout").c_str(), O_WRONLY | O_CREAT, 0600), STDOUT_FILENO);
    ::dup2(::open((folder_ / "stderr").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600), STDERR_FILENO);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  void wait_for_address() {
    for (int i = 0; i < 1000 && !has_address_file(); ++i) {
      if (::waitpid(process_, nullptr, WNOHANG) != 0) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    if (has_address_file()) address_ = trim(read_file(folder_ / "address"));
  }

  TemporaryFolder folder_;
  pid_t process_ = 0;
  int exit_code_ = -1;
  std::string address_;
};

}  // namespace millrace::testing_support
