#include "base/rotating_log.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::chrono::milliseconds kInterval{100};
constexpr std::uint32_t kMostFiles = 1000;

RotatingLogOptions checked(RotatingLogOptions options) {
  if (options.file_bytes == 0) throw Error(Topic::kCommandLine, "a log's file needs room: its size is 0");
  if (options.files > kMostFiles)
    throw Error(Topic::kCommandLine, "a log keeps at most {} older files, not {}", kMostFiles, options.files);
  return options;
}

std::uint64_t count_lines(std::string_view lines) {
  return static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
}

// The whole lines at the begin that have at most `size` bytes; the first one in any case.
std::string_view head_of(std::string_view lines, std::uint64_t size) {
  if (lines.size() <= size) return lines;
  const auto last = size == 0 ? std::string_view::npos : lines.rfind('\n', size - 1);
  return lines.substr(0, (last == std::string_view::npos ? lines.find('\n') : last) + 1);
}

}  // namespace

RotatingLog::RotatingLog(RotatingLogOptions options) : options_(checked(std::move(options))) {
  if (const auto folder = std::filesystem::path(options_.path).parent_path(); !folder.empty())
    make_folder(folder.string());
  open();
  thread_ = std::thread([this] { run(); });
}

RotatingLog::~RotatingLog() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

bool RotatingLog::add(std::string_view line) {
  const std::lock_guard lock(mutex_);
  if (waiting_.size() + line.size() >= options_.queue_bytes) {
    ++dropped_;
    return false;
  }
  waiting_.append(line).push_back('\n');
  if (!hurry_ && waiting_.size() > options_.queue_bytes / 2) {
    hurry_ = true;
    wake_.notify_one();
  }
  return true;
}

// The round under way may have begun before; the next one takes all there is.
void RotatingLog::flush() {
  std::unique_lock lock(mutex_);
  const std::uint64_t wanted = rounds_begun_ + 1;
  hurry_ = true;
  wake_.notify_one();
  round_ended_.wait(lock, [&] { return rounds_ended_ >= wanted; });
}

void RotatingLog::run() {
  std::string lines;
  std::unique_lock lock(mutex_);
  for (bool last = false; !last;) {
    wake_.wait_for(lock, kInterval, [this] { return hurry_ || stopping_; });
    last = stopping_;
    hurry_ = false;
    ++rounds_begun_;
    lines.swap(waiting_);
    lock.unlock();
    write_out(lines);
    lines.clear();
    lock.lock();
    ++rounds_ended_;
    round_ended_.notify_all();
  }
}

void RotatingLog::write_out(std::string_view lines) {
  while (!lines.empty()) {
    const std::uint64_t room = options_.file_bytes - std::min(size_, options_.file_bytes);
    if (size_ > 0 && !full_ && lines.find('\n') >= room) rotate();
    const std::uint64_t free = options_.file_bytes - std::min(size_, options_.file_bytes);
    const std::string_view piece = full_ ? lines : head_of(lines, free);
    write(piece);
    lines.remove_prefix(piece.size());
  }
}

void RotatingLog::write(std::string_view lines) {
  try {
    if (!fd_.valid()) open();
    write_all(fd_.get(), lines, options_.path);
    size_ += lines.size();
    written_ += count_lines(lines);
    failing_ = false;
  } catch (const Error& error) {
    lose(lines, error);
  }
}

// Whole lines or none: a part that was written is cut off again.
void RotatingLog::lose(std::string_view lines, const Error& reason) {
  if (fd_.valid() && ::ftruncate(fd_.get(), static_cast<off_t>(size_)) != 0) fd_ = UniqueFd();
  dropped_ += count_lines(lines);
  if (!failing_)
    log_warning("{}; lines of this log are lost until it can be written again", reason.message());
  failing_ = true;
}

// A crash may have left half a line.
void RotatingLog::open() {
  const std::string& path = options_.path;
  fd_ = UniqueFd(file_operations().open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640));
  if (!fd_.valid()) throw errno_error("open", path, errno);
  struct stat status {};
  if (::fstat(fd_.get(), &status) != 0) throw errno_error("look at", path, errno);
  size_ = static_cast<std::uint64_t>(status.st_size);
  char last = '\n';
  if (size_ > 0 && ::pread(fd_.get(), &last, 1, status.st_size - 1) == 1 && last != '\n') {
    write_all(fd_.get(), "\n", path);
    ++size_;
  }
}

std::string RotatingLog::older(std::uint32_t number) const {
  return number == 0 ? options_.path : options_.path + "." + std::to_string(number);
}

void RotatingLog::rotate() {
  FileOperations& files = file_operations();
  for (std::uint32_t i = options_.files; i-- > 1;) files.rename(older(i).c_str(), older(i + 1).c_str());
  const bool moved = options_.files == 0 ? ::unlink(options_.path.c_str()) == 0
                                         : files.rename(older(0).c_str(), older(1).c_str()) == 0;
  if (!moved && errno != ENOENT) {
    log_warning("{}; the file grows on", errno_error("move away", options_.path, errno).message());
    full_ = true;
    return;
  }
  fd_ = UniqueFd();
  size_ = 0;  // write() opens the next one
}

}  // namespace millrace
