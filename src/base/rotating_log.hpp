// A file of lines that many threads add to and none waits for: an access log, a log of requests. Lines go
// through a bounded queue to a thread that writes them several times a second; a file that has its size
// becomes PATH.1, PATH.1 becomes PATH.2, and so on. After a restart the current file goes on.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/error.hpp"
#include "base/file.hpp"

namespace millrace {

struct RotatingLogOptions {
  std::string path;
  std::uint64_t file_bytes = std::uint64_t{64} << 20U;  // of a file: exceeded by a longer line alone
  std::uint32_t files = 5;                              // older ones that are kept
  std::size_t queue_bytes = std::size_t{4} << 20U;      // that wait to be written; further lines are dropped
};

// Thread-safe. A disk that is full costs lines, which are counted, and one warning for all until it goes on.
class RotatingLog {
 public:
  // Makes the folder and the file. Throws kResource where it cannot, kUsage for sizes that make no sense.
  explicit RotatingLog(RotatingLogOptions options);
  ~RotatingLog();  // writes what waits
  RotatingLog(const RotatingLog&) = delete;
  RotatingLog& operator=(const RotatingLog&) = delete;

  // `line` without its end. False: dropped, since too many wait.
  bool add(std::string_view line);
  // Returns when what was added before is written, or dropped.
  void flush();

  [[nodiscard]] std::uint64_t written() const { return written_; }  // lines
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  void run();
  void write_out(std::string_view lines);
  void write(std::string_view lines);
  void open();
  void rotate();
  [[nodiscard]] std::string older(std::uint32_t number) const;
  void lose(std::string_view lines, const Error& reason);

  const RotatingLogOptions options_;
  std::atomic<std::uint64_t> written_ = 0;
  std::atomic<std::uint64_t> dropped_ = 0;

  std::mutex mutex_;  // of what follows
  std::condition_variable wake_;
  std::condition_variable round_ended_;
  std::string waiting_;
  bool hurry_ = false;
  bool stopping_ = false;
  std::uint64_t rounds_begun_ = 0;
  std::uint64_t rounds_ended_ = 0;

  // The thread's own.
  UniqueFd fd_;
  std::uint64_t size_ = 0;
  bool failing_ = false;
  bool full_ = false;  // the file cannot be moved away, and grows
  std::thread thread_;
};

}  // namespace millrace
