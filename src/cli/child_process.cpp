#include "cli/child_process.hpp"

#include <thread>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/signals.hpp"
#include "base/time.hpp"

namespace millrace {

namespace {

constexpr int kSignalCode = 128;

// posix_spawn's two settings, freed together.
struct SpawnSettings {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};

  explicit SpawnSettings(const std::string& err) {
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
};

pid_t spawn(const Arguments& words, const std::string& err) {
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  const SpawnSettings settings(err);
  pid_t child = 0;
  const int failed =
      ::posix_spawnp(&child, pointers[0], &settings.files, &settings.attributes, pointers.data(), environ);
  if (failed != 0) throw errno_error("start", words[0], failed);
  return child;
}

}  // namespace

int run_child(const Arguments& words, const std::string& err, double limit) {
  const pid_t child = spawn(words, err);
  const Stopwatch watch;
  int status = 0;
  for (bool told = false; ::waitpid(child, &status, WNOHANG) == 0;) {
    if (watch.seconds() > limit) {
      ::kill(-child, SIGKILL);
      ::waitpid(child, &status, 0);
      return kOutlasted;
    }
    if (stop_requested() && !std::exchange(told, true)) ::kill(child, SIGTERM);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return WIFSIGNALED(status) ? kSignalCode + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace millrace
