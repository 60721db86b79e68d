#include "cost/kept_jobs.hpp"

#include "base/file.hpp"
#include "base/log.hpp"
#include "base/publish.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

std::string kept_path(const Workspace& workspace) {
  return workspace.path("cost/jobs.json");
}

JobUse kept_use(const Json& json, const std::string& what) {
  JobUse use{json_get<std::int64_t>(json, "core_ms", what), json_get<std::int64_t>(json, "gpu_ms", what),
             true};
  if (use.core_ms < 0 || use.gpu_ms < 0)
    throw Error(Topic::kDamagedFile, "{} has a job of less than no time", what);
  return use;
}

}  // namespace

std::map<std::string, JobUse> kept_jobs(const Workspace& workspace) {
  std::map<std::string, JobUse> jobs;
  const std::string path = kept_path(workspace);
  if (!path_exists(path)) return jobs;
  try {
    const Json kept = read_json_file(path);
    for (const auto& [id, use] : kept.items()) jobs[id] = kept_use(use, "'" + path + "'");
  } catch (const Error& error) {
    log_warning("Slurm is asked again about jobs that have ended: {}", error.message());
    jobs.clear();
  }
  return jobs;
}

void keep_jobs(const Workspace& workspace, std::map<std::string, JobUse> kept,
               const std::map<std::string, JobUse>& jobs) {
  const std::size_t before = kept.size();
  for (const auto& [id, use] : jobs) {
    if (use.ended) kept.emplace(id, use);
  }
  if (kept.size() == before) return;
  Json json = Json::object();
  for (const auto& [id, use] : kept) json[id] = {{"core_ms", use.core_ms}, {"gpu_ms", use.gpu_ms}};
  try {
    publish_file(kept_path(workspace), pretty_json(json));
  } catch (const Error& error) {
    log_loss(error.in("what Slurm says of jobs that have ended is not kept"));
  }
}

}  // namespace millrace
