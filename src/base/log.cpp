#include "base/log.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/error.hpp"
#include "base/log_file.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kOff:
      return spdlog::level::off;
  }
  return spdlog::level::info;
}

// %* in a pattern: "warning: " or "error: " for these levels. A log file has a field for them.
class Mark : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& to) override {
    if (message.level < spdlog::level::warn) return;
    const std::string_view mark = message.level == spdlog::level::warn ? "warning: " : "error: ";
    to.append(mark.data(), mark.data() + mark.size());
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<Mark>();
  }
};

void set_pattern(spdlog::sinks::sink& terminal, const std::string& pattern) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<Mark>('*').set_pattern(pattern);
  terminal.set_formatter(std::move(formatter));
}

// Its first sink is the terminal's. Levels are the sinks'.
spdlog::logger& logger() {
  static const auto kInstance = [] {
    auto made = spdlog::stderr_logger_mt("millrace");
    made->set_level(spdlog::level::trace);
    made->sinks()[0]->set_level(spdlog::level::info);
    set_pattern(*made->sinks()[0], "%*%v");
    return made;
  }();
  return *kInstance;
}

std::atomic<bool> something_is_lost{false};

}  // namespace

LogLevel parse_log_level(std::string_view name) {
  const std::vector<std::string> names{"debug", "info", "warning", "error", "off"};
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw Error(Topic::kUnknownName, "unknown log level '{}'{}; levels: {}", name, suggestion(name, names),
                join(names, ", "));
  }
  return static_cast<LogLevel>(found - names.begin());
}

void set_up_logging(LogLevel level, int rank) {
  const LogLevel floor = rank > 0 ? LogLevel::kWarning : LogLevel::kDebug;
  spdlog::sinks::sink& terminal = *logger().sinks()[0];
  terminal.set_level(to_spdlog(std::max(level, floor)));
  set_pattern(terminal, rank > 0 ? fmt::format("[rank {}] %*%v", rank) : "%*%v");
}

void log_to_folder(const std::string& folder, int rank) {
  auto& sinks = logger().sinks();
  auto file = std::make_shared<LogFile>(fmt::format("{}/rank-{}.log", folder, rank), rank);
  file->set_level(rank == 0 ? spdlog::level::info : spdlog::level::warn);
  sinks.resize(1);  // a run's log ends where the next run begins
  sinks.push_back(std::move(file));
}

void log_message(LogLevel level, const std::string& message) {
  logger().log(to_spdlog(level), message);
}

void forget_losses() {
  something_is_lost = false;
}

void log_loss(const Error& error) {
  if (something_is_lost.exchange(true)) return log_debug("{}", error.message());
  log_warning("{}; the run goes on, but its log, events and report are not whole", error.message());
}

void log_failure(const Error& error) {
  const std::string message = fmt::format("{}\n{}", error.message(), where_explained(error));
  fmt::print(stderr, "millrace: error: {}\n", message);
  const auto& sinks = logger().sinks();
  if (sinks.size() > 1) sinks[1]->log({"millrace", spdlog::level::err, message});
}

}  // namespace millrace
