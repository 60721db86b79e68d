#include "deployment/server_job.hpp"

#include <cstdlib>
#include <filesystem>
#include <vector>

#include <unistd.h>

#include "base/child_process.hpp"
#include "base/file.hpp"
#include "base/scratch_folder.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr double kSlurmSeconds = 120;

// Variables of this job's allocation would bind the server's job.
std::vector<std::string> without_allocation() {
  std::vector<std::string> words{"env"};
  for (char** variable = ::environ; *variable != nullptr; ++variable) {
    const std::string name = std::string(*variable).substr(0, std::string_view(*variable).find('='));
    if (!name.starts_with("SLURM_") || name == "SLURM_CONF") continue;
    words.emplace_back("-u");
    words.push_back(name);
  }
  return words;
}

std::string output_of(const std::vector<std::string>& command, const std::string& out) {
  std::vector<std::string> words = without_allocation();
  words.insert(words.end(), command.begin(), command.end());
  const int code = run_child(words, {out, out}, kSlurmSeconds);
  const std::string said = read_file(out);
  if (code == 0) return std::string(trim(said));
  throw Error(Topic::kResource, "'{}' {}: {}", join(command, " "), how_it_ended(code, kSlurmSeconds),
              last_words(out));
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody changes the environment
  return value != nullptr ? value : "";
}

std::string job_name(const std::string& endpoint) {
  return "millrace-serve-" + endpoint;
}

// Where this job is.
std::vector<std::string> submission(const std::string& endpoint, const std::string& scripts) {
  std::vector<std::string> words{"sbatch", "--parsable", "--job-name=" + job_name(endpoint)};
  for (const auto& [option, from] :
       {std::pair{"partition", "SLURM_JOB_PARTITION"}, std::pair{"account", "SLURM_JOB_ACCOUNT"},
        std::pair{"qos", "SLURM_JOB_QOS"}}) {
    if (const std::string value = variable(from); !value.empty())
      words.push_back(fmt::format("--{}={}", option, value));
  }
  words.push_back(scripts + "/serve.sbatch");
  return words;
}

// Also one that somebody has submitted by hand, under the script's own name.
bool is_queued(const std::string& workspace_root, const std::string& endpoint, const std::string& out) {
  const std::string jobs =
      output_of({"squeue", "--noheader", "--states=PENDING,CONFIGURING,RUNNING,SUSPENDED",
                 "--name=millrace-serve," + job_name(endpoint), "--format=%Z|%o"},
                out);
  for (const std::string& job : split(jobs, '\n'))
    if (serves(job, workspace_root, endpoint)) return true;
  return false;
}

}  // namespace

// serve.sbatch ENDPOINT [--workspace DIR] [--OPTION…], in the folder where it was submitted.
bool serves(const std::string& job, const std::string& workspace_root, const std::string& endpoint) {
  constexpr std::string_view kScript = "/serve.sbatch ";
  constexpr std::string_view kWorkspace = " --workspace ";
  const auto bar = job.find('|');
  const auto script = job.find(kScript, bar);
  if (bar == std::string::npos || script == std::string::npos) return false;
  std::string words = job.substr(script + kScript.size());
  if (!words.starts_with(endpoint)) return false;
  words.erase(0, endpoint.size());
  if (!words.empty() && words.front() != ' ') return false;
  std::string folder = "workspace";
  if (words.starts_with(kWorkspace)) {
    folder = words.substr(kWorkspace.size());
    folder = folder.substr(0, folder.find(" --"));
  }
  const std::filesystem::path submitted_in(job.substr(0, bar));
  return std::filesystem::weakly_canonical(submitted_in / folder) ==
         std::filesystem::weakly_canonical(std::filesystem::absolute(workspace_root));
}

std::optional<std::string> submit_server(const std::string& workspace_root, const std::string& endpoint) {
  const std::string scripts = variable("MILLRACE_JOBS");
  if (scripts.empty()) {
    throw Error(Topic::kResource,
                "deployment.server is slurm, but this is no job of jobs/slurm (MILLRACE_JOBS is not set); by "
                "hand: sbatch jobs/slurm/serve.sbatch {} --workspace {}",
                endpoint, workspace_root);
  }
  const ScratchFolder folder(std::filesystem::temp_directory_path().string(), "millrace-server-job");
  const std::string out = folder.file("said");
  if (is_queued(workspace_root, endpoint, out)) return std::nullopt;
  std::vector<std::string> words = submission(endpoint, scripts);
  words.insert(words.end(), {endpoint, "--workspace", workspace_root});
  return output_of(words, out);
}

}  // namespace millrace
