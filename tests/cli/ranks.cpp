#include "cli/ranks.hpp"

#include <chrono>
#include <fstream>
#include <map>
#include <thread>

#include "base/file.hpp"
#include "base/text.hpp"
#include "support/patience.hpp"

namespace millrace::testing_support {

namespace {

struct Status {
  char state = ' ';
  pid_t parent = 0;
};

Status status_of(const std::string& process) {
  std::ifstream file("/proc/" + process + "/stat");
  std::string pid;
  std::string command;
  Status status;
  file >> pid >> command >> status.state >> status.parent;
  return status;
}

bool lives(const std::string& process) {
  const char state = status_of(process).state;
  return state != ' ' && state != 'Z' && state != 'X';
}

// Its rank, from the environment that mpirun gave it; none where it is no rank (yet).
std::string rank_of(const std::string& process) {
  std::ifstream file("/proc/" + process + "/environ");
  const std::string name = "OMPI_COMM_WORLD_RANK=";
  for (std::string entry; std::getline(file, entry, '\0');) {
    if (entry.starts_with(name)) return entry.substr(name.size());
  }
  return "";
}

template <class Condition>
bool comes_true(double seconds, Condition&& done) {
  const auto until = std::chrono::steady_clock::now() + patience(seconds);
  while (!done()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace

std::vector<pid_t> ranks_of(pid_t parent) {
  std::map<std::string, pid_t> by_rank;
  for (const std::string& name : list_folder("/proc")) {
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (status_of(name).parent != parent || !lives(name)) continue;
    const std::string rank = rank_of(name);
    if (!rank.empty()) by_rank[rank] = static_cast<pid_t>(std::stol(name));
  }
  std::vector<pid_t> ranks;
  for (const auto& [rank, pid] : by_rank) ranks.push_back(pid);
  return ranks;
}

std::vector<pid_t> wait_for_ranks(BackgroundProcess& job, std::size_t count) {
  std::vector<pid_t> ranks;
  comes_true(20, [&] {
    ranks = ranks_of(job.pid());
    return ranks.size() == count || !job.running();
  });
  return ranks;
}

bool is_stopped(pid_t process) {
  return status_of(std::to_string(process)).state == 'T';
}

bool all_end(const std::vector<pid_t>& processes, double seconds) {
  return comes_true(seconds, [&] {
    for (const pid_t process : processes) {
      if (lives(std::to_string(process))) return false;
    }
    return true;
  });
}

std::string current_stage(const Workbench& bench) {
  const std::string events = bench.path("workspace/runs/latest/events.jsonl");
  if (!path_exists(events)) return "";
  std::string stage;
  for (const std::string& line : split(read_file(events), '\n')) {
    const Json event = Json::parse(line, nullptr, false);
    if (event.is_object() && event.contains("stage")) stage = event["stage"].get<std::string>();
  }
  return stage;
}

void wait_for_stage(const Workbench& bench, BackgroundProcess& job, const std::string& stage) {
  comes_true(60, [&] { return current_stage(bench) == stage || !job.running(); });
}

std::set<std::string> shared_memory_of(const std::vector<pid_t>& processes) {
  std::set<std::string> files;
  for (const pid_t process : processes) {
    std::ifstream maps("/proc/" + std::to_string(process) + "/maps");
    for (std::string line; std::getline(maps, line);) {
      const auto path = line.find("/dev/shm/");
      if (path != std::string::npos && !line.ends_with("(deleted)")) files.insert(line.substr(path));
    }
  }
  return files;
}

}  // namespace millrace::testing_support
