#include "base/child_process.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/position.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace millrace {

namespace {

constexpr int kSignalCode = 128;

// posix_spawn's two settings, freed together.
struct SpawnSettings {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};

  explicit SpawnSettings(const ChildFiles& named) {
    constexpr int kAnew = O_WRONLY | O_CREAT | O_TRUNC;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, named.in.c_str(), O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, named.out.c_str(), kAnew, 0644);
    if (named.err == named.out) {
      posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    } else {
      posix_spawn_file_actions_addopen(&files, STDERR_FILENO, named.err.c_str(), kAnew, 0644);
    }
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

bool is_rank() {
  return std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr || std::getenv("PMIX_RANK") != nullptr ||
         std::getenv("PMI_RANK") != nullptr;
}

// Of a rank's environment, what its launcher has put there; whether root may launch is the user's word.
bool is_of_the_launcher(std::string_view variable) {
  constexpr std::array kPrefixes{"OMPI_", "PMIX_", "PMI_", "PRTE_"};
  return !variable.starts_with("OMPI_ALLOW_") &&
         std::ranges::any_of(kPrefixes, [&](const char* prefix) { return variable.starts_with(prefix); });
}

std::vector<std::string> environment_with(const std::vector<std::string>& variables) {
  const bool rank = is_rank();
  std::vector<std::string> all = variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!rank || !is_of_the_launcher(*variable)) all.emplace_back(*variable);
  }
  return all;
}

// As C wants lists: ended by a null.
std::vector<char*> pointers_to(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

pid_t spawn(const std::vector<std::string>& words, const ChildFiles& files,
            const std::vector<std::string>& variables) {
  std::vector<char*> pointers = pointers_to(words);
  const std::vector<std::string> environment = environment_with(variables);
  const SpawnSettings settings(files);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, pointers[0], &settings.files, &settings.attributes,
                                    pointers.data(), pointers_to(environment).data());
  if (failed != 0) throw errno_error("start", words[0], failed);
  return child;
}

// An operation, by which a watchdog of other ranks sees that this one gets on.
pid_t look_at(pid_t child, int& status, const std::string& program) {
  const InOperation here(Blocking::kFile, "waitpid", 0, program);
  return ::waitpid(child, &status, WNOHANG);
}

}  // namespace

int run_child(const std::vector<std::string>& words, const ChildFiles& files, double limit,
              const std::vector<std::string>& variables) {
  const pid_t child = spawn(words, files, variables);
  const Stopwatch watch;
  int status = 0;
  for (bool told = false; look_at(child, status, words[0]) == 0;) {
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

std::string how_it_ended(int code, double limit) {
  return code == kOutlasted ? fmt::format("took longer than {} s", limit)
                            : fmt::format("ended with code {}", code);
}

std::string last_words(const std::string& file) {
  constexpr std::size_t kShown = 2000;
  const std::string text = read_file(file);
  return join(split(trim(text.substr(text.size() - std::min(text.size(), kShown))), '\n'), "; ");
}

}  // namespace millrace
