#include "base/log.hpp"

#include <algorithm>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/error.hpp"
#include "base/text.hpp"

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

spdlog::logger& logger() {
  static const auto kInstance = [] {
    auto made = spdlog::stderr_logger_mt("millrace");
    made->set_pattern("%v");
    return made;
  }();
  return *kInstance;
}

}  // namespace

LogLevel parse_log_level(std::string_view name) {
  const std::vector<std::string> names{"debug", "info", "warning", "error", "off"};
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw usage_error("unknown log level '{}'{}; levels: {}", name, suggestion(name, names),
                      join(names, ", "));
  }
  return static_cast<LogLevel>(found - names.begin());
}

void set_up_logging(LogLevel level, int rank) {
  const LogLevel floor = rank > 0 ? LogLevel::kWarning : LogLevel::kDebug;
  logger().set_level(to_spdlog(std::max(level, floor)));
  logger().set_pattern(rank > 0 ? fmt::format("[rank {}] %v", rank) : "%v");
}

void log_message(LogLevel level, const std::string& message) {
  const bool marked = level == LogLevel::kWarning || level == LogLevel::kError;
  if (!marked) return logger().log(to_spdlog(level), message);
  logger().log(to_spdlog(level), "{}: {}", level == LogLevel::kWarning ? "warning" : "error", message);
}

}  // namespace millrace
