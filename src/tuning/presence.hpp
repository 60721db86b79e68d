// Which jobs work at a search: a file for each, touched while the job lives and removed when it ends. The
// files' times are compared with one another alone, so that it does not matter what hosts take for the time.
// A wrong answer costs work that is done twice, never a result.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace millrace::tuning {

// Of a job whose first rank is this process, apart from all others: "2026-11-27T08:40:59.123Z-4711@node1".
std::string new_job_name();

class Presence {
 public:
  // On one rank of the job, the process in its name: it lives from now on until this is destroyed. Removes
  // what dead jobs have left. Throws kResource.
  Presence(const std::string& folder, const std::string& job);
  ~Presence();
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;

 private:
  void keep_touching(const std::stop_token& stop);

  std::string path_;
  std::mutex mutex_;
  std::condition_variable_any ended_;
  std::jthread toucher_;
};

// A file system may tell a host of a change a minute late (NFS, by default).
inline constexpr std::chrono::seconds kTouchEvery{15};
inline constexpr std::chrono::minutes kSilentAfter{5};

// On this host: whether its process does. On another: whether it was heard of at most kSilentAfter before the
// job that was heard of last.
bool is_present(const std::string& folder, const std::string& job);

}  // namespace millrace::tuning
