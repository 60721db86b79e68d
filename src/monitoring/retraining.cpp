#include "monitoring/retraining.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "base/child_process.hpp"
#include "base/file.hpp"
#include "base/log.hpp"
#include "base/scratch_folder.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "storage/journal.hpp"
#include "storage/objects.hpp"

namespace millrace {

namespace {

constexpr double kDaySeconds = 86400;
constexpr double kSubmitSeconds = 120;
constexpr double kRunSeconds = 1e9;  // a run has deadlines of its own

std::string hours(double seconds) {
  return fmt::format("{:.1f} h", seconds / 3600);
}

Journal journal_of(const std::string& workspace_root, const std::string& pipeline) {
  return {workspace_root + "/monitoring/" + pipeline, "journal of retrainings"};
}

std::set<std::string> contents_in(const Json& entry) {
  std::set<std::string> contents;
  if (entry.at("kind") != "data") return contents;
  for (const Json& file : entry.at("details").at("files")) contents.insert(file.at("sha256"));
  return contents;
}

// Whose outcome an entry tells. Those of earlier versions do not say; it is the last one's then.
BegunRetraining* begun_of(const Json& outcome, std::vector<BegunRetraining>& begun) {
  if (begun.empty()) return nullptr;
  const auto number = outcome.value("begun", begun.back().number);
  const auto found = std::ranges::find(begun, number, &BegunRetraining::number);
  return found == begun.end() ? nullptr : &*found;
}

void take_entries(std::vector<BegunRetraining>& begun, const std::vector<JournalEntry>& entries) {
  for (const JournalEntry& entry : entries) {
    const Json content = entry.content();
    const std::string type = content.at("type");
    if (type == "begun")
      begun.push_back({parse_rfc3339(content.at("time").get<std::string>()),
                       content.at("id").get<std::string>(), false, false, entry.number,
                       contents_in(content)});
    BegunRetraining* one = begun_of(content, begun);
    if (one == nullptr) continue;
    if (type == "failed") one->failed = true;
    if (type == "started") one->started = true;
  }
}

std::filesystem::path this_program() {
  return std::filesystem::read_symlink("/proc/self/exe");
}

// MILLRACE_JOBS, as jobs have it; else those of the clone that this program was built in.
std::string job_scripts() {
  const char* given = std::getenv("MILLRACE_JOBS");  // NOLINT(concurrency-mt-unsafe): nobody changes it
  if (given != nullptr && *given != '\0') return given;
  const std::filesystem::path beside = this_program().parent_path() / "../../../jobs/slurm";
  if (path_exists((beside / "pipeline.sbatch").string())) return beside.lexically_normal().string();
  throw Error(Topic::kRetraining, "pipeline.sbatch is not found: set MILLRACE_JOBS to the folder jobs/slurm");
}

std::vector<std::string> words_of(const PipelineConfig& config, const std::string& config_file,
                                  const std::string& because) {
  const RetrainConfig& rules = config.monitoring.retrain;
  std::vector<std::string> words = rules.command;
  if (words.empty() && rules.action == "submit")
    words = {"sbatch", "--parsable", job_scripts() + "/pipeline.sbatch"};
  if (words.empty()) words = {this_program().string(), "run"};
  words.push_back(config_file);
  if (!rules.command.empty()) return words;
  words.insert(words.end(), {"--workspace", config.workspace, "--because", because});
  return words;
}

// A run that rejected the data or did not pass its gate has run: another one now would end the same way.
bool has_run(int code) {
  return code == static_cast<int>(ExitCode::kDataRejected) ||
         code == static_cast<int>(ExitCode::kGateNotPassed);
}

RetrainOutcome start(const PipelineConfig& config, const std::string& config_file,
                     const RetrainCause& cause) {
  const bool submits = config.monitoring.retrain.action == "submit";
  const ScratchFolder scratch(Workspace(config.workspace).temporary_folder(), "retraining");
  const std::string out = scratch.path() + "/out";
  const std::string err = scratch.path() + "/err";
  const double limit = submits ? kSubmitSeconds : kRunSeconds;
  const int code =
      run_child(words_of(config, config_file, cause.kind + ": " + cause.text), {out, err}, limit);
  if (!submits && has_run(code))
    return {true, fmt::format("the retraining {}: {}", how_it_ended(code, limit), last_words(err))};
  if (code != 0) {
    throw Error(Topic::kRetraining, "the retraining of {} {}: {}: {}", config.name,
                submits ? "was not submitted" : "failed", how_it_ended(code, limit), last_words(err));
  }
  if (!submits) return {true, "the retraining has ended"};
  return {true, fmt::format("job {} is submitted", trim(read_file(out)))};
}

void append_entry(const Journal& journal, const Json& entry) {
  journal.append({}, [&](const std::vector<JournalEntry>&) { return std::optional(entry); });
}

}  // namespace

std::string obstacle_to_retraining(const std::vector<BegunRetraining>& begun, const RetrainConfig& rules,
                                   double now, const std::string& id) {
  std::uint32_t today = 0;
  for (const BegunRetraining& one : begun) {
    if (one.failed) continue;
    if (!id.empty() && one.id == id)
      return fmt::format("event {} has begun one already", millrace::quoted(id));
    const double ago = now - one.time;
    if (std::abs(ago) < rules.cooldown)
      return fmt::format("one began {} ago, and monitoring.retrain.cooldown is {}", hours(ago),
                         hours(rules.cooldown));
    if (std::abs(ago) < kDaySeconds) ++today;
  }
  if (today < rules.max_per_day) return "";
  return fmt::format("{} began within 24 hours, as many as monitoring.retrain.max_per_day allows", today);
}

std::vector<BegunRetraining> begun_retrainings(const std::string& workspace_root,
                                               const std::string& pipeline) {
  std::vector<BegunRetraining> begun;
  take_entries(begun, journal_of(workspace_root, pipeline).read());
  return begun;
}

RetrainOutcome retrain(const PipelineConfig& config, const std::string& config_file,
                       const RetrainCause& cause, const std::function<void()>& budget) {
  const RetrainConfig& rules = config.monitoring.retrain;
  if (rules.action == "none") return {false, "monitoring.retrain.action is none"};
  Workspace(config.workspace).prepare();  // nothing may have run here yet
  const Journal journal = journal_of(config.workspace, config.name);
  std::vector<BegunRetraining> begun;
  std::uint64_t number = 1;  // of the entry that is written
  std::string obstacle;
  journal.append({}, [&](const std::vector<JournalEntry>& news) -> std::optional<Json> {
    take_entries(begun, news);
    if (!news.empty()) number = news.back().number + 1;
    obstacle = obstacle_to_retraining(begun, rules, parse_rfc3339(now_rfc3339()), cause.id);
    if (!obstacle.empty()) return std::nullopt;
    if (budget) budget();
    return Json{{"type", "begun"}, {"kind", cause.kind},       {"reason", cause.text},
                {"id", cause.id},  {"details", cause.details}, {"action", rules.action}};
  });
  if (!obstacle.empty()) return {false, obstacle};
  try {
    RetrainOutcome outcome = start(config, config_file, cause);
    append_entry(journal, {{"type", "started"}, {"begun", number}, {"said", outcome.said}});
    return outcome;
  } catch (const Error& error) {
    append_entry(journal, {{"type", "failed"}, {"begun", number}, {"reason", error.message()}});
    throw;
  }
}

void note_failed(const PipelineConfig& config, const BegunRetraining& begun, const std::string& reason) {
  append_entry(journal_of(config.workspace, config.name),
               {{"type", "failed"}, {"begun", begun.number}, {"reason", reason}});
}

}  // namespace millrace
