#include "base/log_file.hpp"

#include <cerrno>
#include <filesystem>

#include <fcntl.h>

#include "base/host.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace millrace {

LogFile::LogFile(std::string path, int rank)
    : path_(std::move(path)), origin_(fmt::format("rank {} {}", rank, host_name())) {}

void LogFile::log(const spdlog::details::log_msg& message) {
  const std::string begin =
      fmt::format("{} {} {} ", now_rfc3339(), spdlog::level::to_string_view(message.level).data(), origin_);
  std::string lines;
  for (const std::string& line : split({message.payload.data(), message.payload.size()}, '\n')) {
    lines += begin + line + "\n";
  }
  if (const auto failure = try_to_write(lines)) log_loss(*failure);  // comes back here, so without the lock
}

std::optional<Error> LogFile::try_to_write(const std::string& lines) {
  const std::scoped_lock lock(mutex_);
  if (given_up_) return std::nullopt;
  try {
    write(lines);
    return std::nullopt;
  } catch (const Error& error) {
    given_up_ = true;
    return error;
  }
}

void LogFile::write(const std::string& lines) {
  if (!fd_.valid()) {
    make_folder(std::filesystem::path(path_).parent_path().string());
    fd_ = UniqueFd(file_operations().open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644));
    if (!fd_.valid()) throw errno_error("open", path_, errno);
  }
  write_all(fd_.get(), lines, path_);
}

}  // namespace millrace
