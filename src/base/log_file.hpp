// One rank's log of a run, as a sink of spdlog. Used by log.cpp alone.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <spdlog/sinks/sink.h>

#include "base/error.hpp"
#include "base/file.hpp"

namespace millrace {

// Lines "TIME LEVEL rank RANK HOST MESSAGE", a message of several lines as several. The file is made with its
// first line. After a failure (log_loss) nothing more is written.
class LogFile : public spdlog::sinks::sink {
 public:
  LogFile(std::string path, int rank);

  void log(const spdlog::details::log_msg& message) override;
  void flush() override {}
  void set_pattern(const std::string&) override {}  // the lines' form is fixed
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

 private:
  std::optional<Error> try_to_write(const std::string& lines);
  void write(const std::string& lines);

  std::mutex mutex_;
  std::string path_;
  std::string origin_;  // rank and host
  UniqueFd fd_;
  bool given_up_ = false;
};

}  // namespace millrace
