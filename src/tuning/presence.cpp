#include "tuning/presence.hpp"

#include <cstdlib>
#include <filesystem>
#include <optional>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.hpp"
#include "base/host.hpp"
#include "base/publish.hpp"
#include "base/time.hpp"

namespace millrace::tuning {

namespace {

namespace fs = std::filesystem;

struct JobProcess {
  std::string host;
  int pid = 0;
  double time = 0;  // at which it was there
};

// Nothing where this is no job's name.
std::optional<JobProcess> process_of(const std::string& job) {
  const std::size_t at = job.find('@');
  if (at == std::string::npos) return std::nullopt;
  const std::size_t pid = job.rfind('-', at);
  if (pid == std::string::npos) return std::nullopt;
  const long number = std::strtol(job.c_str() + pid + 1, nullptr, 10);
  return JobProcess{job.substr(at + 1), static_cast<int>(number), parse_rfc3339(job.substr(0, pid))};
}

// Nothing where it was removed.
std::optional<fs::file_time_type> touched(const std::string& path) {
  std::error_code error;
  const auto time = fs::last_write_time(path, error);
  return error ? std::nullopt : std::optional(time);
}

bool was_heard_of(const std::string& folder, fs::file_time_type time) {
  for (const std::string& other : list_folder(folder)) {
    const auto last = touched(folder + "/" + other);
    if (last && *last - time > kSilentAfter) return false;
  }
  return true;
}

void remove_dead(const std::string& folder) {
  for (const std::string& job : list_folder(folder)) {
    if (process_of(job) && !is_present(folder, job)) ::unlink((folder + "/" + job).c_str());
  }
}

}  // namespace

std::string new_job_name() {
  return fmt::format("{}-{}@{}", now_rfc3339(), ::getpid(), host_name());
}

Presence::Presence(const std::string& folder, const std::string& job) : path_(folder + "/" + job) {
  publish_file(path_, "");
  remove_dead(folder);
  toucher_ = std::jthread([this](const std::stop_token& stop) { keep_touching(stop); });
}

Presence::~Presence() {
  toucher_.request_stop();
  toucher_.join();
  ::unlink(path_.c_str());
}

// A touch that fails makes this job seem dead at worst.
void Presence::keep_touching(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!ended_.wait_for(lock, stop, kTouchEvery, [&] { return stop.stop_requested(); }))
    ::utimensat(AT_FDCWD, path_.c_str(), nullptr, 0);
}

bool is_present(const std::string& folder, const std::string& job) {
  const auto process = process_of(job);
  const auto time = touched(folder + "/" + job);
  if (!process || !time) return false;
  if (process->host == host_name()) return process_lives(process->pid, process->time);
  return was_heard_of(folder, *time);
}

}  // namespace millrace::tuning
