// Logging to stderr, and within a run to the run's folder as well. Rank 0 speaks; other ranks speak only from
// level warning on, with their number in front.
#pragma once

#include <string>
#include <string_view>

#include <fmt/core.h>

namespace millrace {

class Error;

enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };

// "debug", "info", "warning", "error", "off". Throws kUsage with the list.
LogLevel parse_log_level(std::string_view name);

// Call once at start-up, before threads are made. Rank -1: no rank is shown.
void set_up_logging(LogLevel level, int rank = -1);

// From here on also into FOLDER/rank-RANK.log, each line with its time (RFC 3339), level, rank and host: rank
// 0 from level info on, whatever the terminal shows; other ranks warnings and errors, and their file is made
// when the first one comes. A file that cannot be written is given up (log_loss).
void log_to_folder(const std::string& folder, int rank);

void log_message(LogLevel level, const std::string& message);
// The error that ends the program, and where it is explained: "millrace: error: …" on stderr whatever the
// level, and into the log.
void log_failure(const Error& error);

// A log, events or a report could not be written, which ends no run. A full disk loses them all: the first
// loss of a run is one warning for all of them, further ones are for level debug.
void log_loss(const Error& error);
// A run begins.
void forget_losses();

template <class... Args>
void log_debug(fmt::format_string<Args...> format, Args&&... args) {
  log_message(LogLevel::kDebug, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  log_message(LogLevel::kInfo, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
  log_message(LogLevel::kWarning, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void log_error(fmt::format_string<Args...> format, Args&&... args) {
  log_message(LogLevel::kError, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace millrace
