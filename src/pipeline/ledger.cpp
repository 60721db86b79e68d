#include "pipeline/ledger.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include <unistd.h>

#include "base/file.hpp"
#include "base/host.hpp"
#include "base/log.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "base/version.hpp"
#include "pipeline/environment.hpp"

namespace millrace {

namespace {

constexpr std::size_t kResumeCandidates = 20;

// The time in a run's name, 20261124T032601.123Z-4711; nothing for other names.
std::optional<Milliseconds> time_in(const std::string& name) {
  if (name.size() < 20) return std::nullopt;
  const auto part = [&](std::size_t begin, std::size_t size) { return name.substr(begin, size); };
  try {
    const double seconds = parse_rfc3339(
        fmt::format("{}-{}-{}:{}:{}", part(0, 4), part(4, 2), part(6, 5), part(11, 2), part(13, 7)));
    return Milliseconds(std::chrono::milliseconds(std::llround(seconds * 1000)));
  } catch (const Error&) {
    return std::nullopt;
  }
}

// Sorts behind all others, differs between processes. Where the clock was set back, the time in it is one
// after the newest run's.
std::string new_run_name(const std::string& runs_folder) {
  using namespace std::chrono;
  auto newest = time_point_cast<milliseconds>(system_clock::now());
  for (const std::string& name : list_folder(runs_folder)) {
    if (const auto taken = time_in(name)) newest = std::max(newest, *taken + milliseconds(1));
  }
  std::string time = to_rfc3339(newest);
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  return fmt::format("{}-{}", time, ::getpid());
}

// A symbolic link is replaced by rename, so that readers always find one of the two runs.
void point_latest(const std::string& runs_folder, const std::string& name) {
  const std::string temporary = fmt::format("{}/latest.tmp-{}-0@{}", runs_folder, ::getpid(), host_name());
  std::error_code error;
  std::filesystem::remove(temporary, error);
  std::filesystem::create_symlink(name, temporary, error);
  if (!error) std::filesystem::rename(temporary, runs_folder + "/latest", error);
  if (error) log_warning("cannot point {}/latest to the new run: {}", runs_folder, error.message());
}

bool owner_is_gone(const Json& record) {
  if (record.value("host", "") != host_name()) return false;
  return !process_lives(record.value("pid", 0), parse_rfc3339(record.value("started", now_rfc3339())));
}

std::string record_path(const Workspace& workspace, const std::string& name) {
  return workspace.path("runs/" + name + "/run.json");
}

// Newest first.
std::vector<std::string> run_names(const Workspace& workspace) {
  std::vector<std::string> names = list_folder(workspace.path("runs"));
  std::erase_if(names, [&](const std::string& name) {
    return name.starts_with("latest") || !path_exists(record_path(workspace, name));
  });
  std::reverse(names.begin(), names.end());
  return names;
}

Json read_record(const Workspace& workspace, const std::string& name) {
  Json record = read_json_file(record_path(workspace, name));
  if (record.value("status", "") == "running" && owner_is_gone(record)) record["status"] = "interrupted";
  return record;
}

bool is_unfinished(const Json& record) {
  return record.value("status", "") != "done";
}

}  // namespace

RunLedger RunLedger::begin(const Workspace& workspace, const std::string& resolved_config,
                           const Digest& config_digest, const std::string& pipeline, int ranks, Json cost) {
  const std::string name = new_run_name(workspace.path("runs"));
  RunLedger ledger(name, workspace.path("runs/" + name));
  make_folder(ledger.folder_ + "/checkpoints");
  publish_file(ledger.folder_ + "/config.resolved.yaml", resolved_config);
  ledger.record_ = {{"run", name},
                    {"pipeline", pipeline},
                    {"status", "running"},
                    {"exit_code", nullptr},
                    {"started", now_rfc3339()},
                    {"config_digest", config_digest.hex()},
                    {"code_version", code_version()},
                    {"ranks", ranks},
                    {"host", host_name()},
                    {"pid", ::getpid()},
                    {"stages", Json::array()},
                    {"cost", std::move(cost)}};
  if (const Json job = slurm_job(); !job.is_null()) ledger.record_["slurm"] = job;
  ledger.save();
  point_latest(workspace.path("runs"), name);
  return ledger;
}

void RunLedger::save() const {
  publish_file(folder_ + "/run.json", pretty_json(record_));
}

std::vector<Json> list_runs(const Workspace& workspace) {
  std::vector<Json> runs;
  for (const std::string& name : run_names(workspace)) {
    try {
      runs.push_back(read_record(workspace, name));
    } catch (const Error& error) {
      log_warning("{}", error.message());
    }
  }
  return runs;
}

Json read_run(const Workspace& workspace, const std::string& name) {
  const std::vector<std::string> names = run_names(workspace);
  if (names.empty())
    throw Error(Topic::kUnknownRun, "there is no run in the workspace '{}'", workspace.root());
  if (name == "latest") return read_record(workspace, names.front());
  if (std::find(names.begin(), names.end(), name) != names.end()) return read_record(workspace, name);
  throw Error(Topic::kUnknownRun, "there is no run '{}' in the workspace '{}'{}; 'millrace runs' lists them",
              name, workspace.root(), suggestion(name, names));
}

std::vector<std::string> unfinished_checkpoint_folders(const Workspace& workspace) {
  std::vector<std::string> folders;
  for (const Json& record : list_runs(workspace)) {
    if (folders.size() == kResumeCandidates) break;
    if (is_unfinished(record))
      folders.push_back(workspace.path("runs/" + record.value("run", "") + "/checkpoints"));
  }
  return folders;
}

}  // namespace millrace
