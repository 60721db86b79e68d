#include "cost/sacct.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>

#include "base/child_process.hpp"
#include "base/file.hpp"
#include "base/scratch_folder.hpp"
#include "base/text.hpp"

namespace millrace {

namespace {

constexpr std::size_t kFields = 4;
constexpr std::size_t kJobsOfOneCall = 8000;  // an argument is at most 128 KiB

std::optional<std::int64_t> count_in(std::string_view text) {
  std::int64_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = end.ec == std::errc() && end.ptr == text.data() + text.size();
  return whole && number >= 0 ? std::optional(number) : std::nullopt;
}

// "CANCELLED by 1000", "COMPLETED". Jobs that were preempted or lost their node may be begun again.
bool has_ended(const std::string& state) {
  const std::string word = state.substr(0, state.find(' '));
  return word == "COMPLETED" || word == "FAILED" || word == "CANCELLED" || word == "TIMEOUT" ||
         word == "OUT_OF_MEMORY" || word == "DEADLINE";
}

bool is_job_id(const std::string& text) {
  return count_in(text).has_value();
}

// "billing=4,cpu=4,gres/gpu=2,gres/gpu:a100=2,mem=8G,node=1"; where only kinds of GPUs are named, their sum.
JobUse resources_in(const std::string& tres) {
  JobUse counts;
  std::int64_t by_kind = 0;
  for (const std::string& item : split(tres, ',')) {
    const auto equals = item.find('=');
    const auto count = equals == std::string::npos ? std::nullopt : count_in(item.substr(equals + 1));
    if (!count) continue;
    const std::string name = item.substr(0, equals);
    if (name == "cpu") counts.core_ms = *count;
    if (name == "gres/gpu") counts.gpu_ms = *count;
    if (name.starts_with("gres/gpu:")) by_kind += *count;
  }
  if (counts.gpu_ms == 0) counts.gpu_ms = by_kind;
  return counts;
}

void ask_slice(const std::vector<std::string>& jobs, double limit, Accounting& accounting) {
  const ScratchFolder scratch(std::filesystem::temp_directory_path().string(), "millrace-sacct");
  const std::string out = scratch.file("out");
  const std::string err = scratch.file("err");
  const int code = run_child({"sacct", "--noheader", "--parsable2", "--allocations", "--duplicates",
                              "--format=JobIDRaw,ElapsedRaw,AllocTRES,State", "--jobs=" + join(jobs, ",")},
                             {out, err}, limit);
  if (code == 0) return accounting.jobs.merge(parse_accounting(read_file(out)));
  const std::string said = last_words(err);
  accounting.obstacle = "sacct " + how_it_ended(code, limit) + (said.empty() ? "" : ": " + said);
}

std::map<std::string, std::vector<RunUsage*>> runs_by_job(std::vector<RunUsage>& runs) {
  std::map<std::string, std::vector<RunUsage*>> jobs;
  for (RunUsage& run : runs) {
    if (!run.job.empty()) jobs[run.job].push_back(&run);
  }
  return jobs;
}

// A run of no time has a millisecond's weight.
std::int64_t weight(const RunUsage& run) {
  return std::max<std::int64_t>(1, run.wall_ms);
}

void divide(const JobUse& use, const std::vector<RunUsage*>& runs) {
  std::int64_t whole = 0;
  std::int64_t own_gpu_ms = 0;
  for (const RunUsage* run : runs) {
    whole += weight(*run);
    own_gpu_ms += run->gpu_ms;
  }
  std::int64_t from = 0;
  for (RunUsage* run : runs) {
    const std::int64_t to = from + weight(*run);
    run->core_ms = share(use.core_ms, from, to, whole);
    if (use.gpu_ms > 0 || own_gpu_ms == 0) run->gpu_ms = share(use.gpu_ms, from, to, whole);
    run->accounted = true;
    from = to;
  }
}

}  // namespace

Accounting ask_accounting(const std::set<std::string>& jobs, double limit) {
  Accounting accounting;
  std::vector<std::string> known;
  std::ranges::copy_if(jobs, std::back_inserter(known), is_job_id);
  for (std::size_t first = 0; first < known.size() && accounting.obstacle.empty(); first += kJobsOfOneCall) {
    const std::size_t last = std::min(known.size(), first + kJobsOfOneCall);
    try {
      ask_slice({known.begin() + static_cast<std::ptrdiff_t>(first),
                 known.begin() + static_cast<std::ptrdiff_t>(last)},
                limit, accounting);
    } catch (const Error& error) {
      accounting.obstacle = error.message();
    }
  }
  return accounting;
}

std::map<std::string, JobUse> parse_accounting(const std::string& text) {
  std::map<std::string, JobUse> jobs;
  for (const std::string& line : split(text, '\n')) {
    const std::vector<std::string> fields = split(line, '|');
    if (fields.size() != kFields || !is_job_id(fields[0])) continue;
    const auto seconds = count_in(fields[1]);
    if (!seconds) continue;
    const JobUse counts = resources_in(fields[2]);
    if (counts.core_ms == 0 && !jobs.contains(fields[0])) continue;  // it has not begun
    JobUse& job = jobs[fields[0]];
    job.ended = has_ended(fields[3]);  // of several starts, as the last one has
    job.core_ms += *seconds * 1000 * counts.core_ms;
    job.gpu_ms += *seconds * 1000 * counts.gpu_ms;
  }
  return jobs;
}

void apply_accounting(const std::map<std::string, JobUse>& jobs, std::vector<RunUsage>& runs) {
  for (const auto& [id, members] : runs_by_job(runs)) {
    const auto found = jobs.find(id);
    if (found != jobs.end()) divide(found->second, members);
  }
}

}  // namespace millrace
