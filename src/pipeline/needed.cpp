#include "pipeline/needed.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>

#include "base/file.hpp"
#include "base/time.hpp"
#include "pipeline/ledger.hpp"
#include "versions/history.hpp"

namespace millrace {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigits = 64;
constexpr double kDaySeconds = 86400;

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

double seconds_now() {
  return parse_rfc3339(now_rfc3339());
}

class Marking {
 public:
  Marking(const Workspace& workspace, const KeepRules& rules) : workspace_(workspace), rules_(rules) {}

  Needed find() && {
    mark_runs();
    mark_histories();
    mark_files("refs/features");
    mark_files("registry");
    mark_files("deploy");
    mark_accepted();
    mark_kept("actions/file");    // ingestion/kept_files.hpp
    mark_kept("actions/values");  // ingestion/kept_values.hpp
    if (!rules_.any() || !needed_.runs_in_progress.empty()) mark_files("actions");
    return std::move(needed_);
  }

 private:
  // The object, and all that it names, if it is a document.
  void mark(const Digest& object) {
    std::vector<Digest> open{object};
    while (!open.empty()) {
      const Digest next = open.back();
      open.pop_back();
      if (!workspace_.has_object(next) || !needed_.objects.insert(next).second) continue;
      for (const Digest& named : named_by(next)) open.push_back(named);
    }
  }

  void mark_text(std::string_view text) {
    for (const Digest& digest : digests_in(text)) mark(digest);
  }

  // A record of accepted data names the one before it, which names the one before …: only the data itself is
  // followed. Shards, weights and archives name nothing.
  std::vector<Digest> named_by(const Digest& object) {
    const ReadableFile file(workspace_.object_path(object));
    char first = ' ';
    if (file.read_at(0, std::span(&first, 1)) == 0 || first != '{') return {};
    const std::string text = read_file(file.path());
    const Json record =
        text.find("\"compared_with\"") == std::string::npos ? Json() : Json::parse(text, nullptr, false);
    if (!record.is_object() || !record.contains("read_as")) return digests_in(text);
    return digests_in(record.value("dataset", "") + " " + record.value("verdict", ""));
  }

  void mark_files(const std::string& folder) {
    std::error_code error;
    const std::string path = workspace_.path(folder);
    if (!path_exists(path)) return;
    for (fs::recursive_directory_iterator entry(path, error), end; !error && entry != end;
         entry.increment(error)) {
      if (entry->is_regular_file(error)) mark_text(read_if_there(entry->path().string()));
    }
    if (error && error != std::errc::no_such_file_or_directory)
      throw errno_error("list the folder", path, error);
  }

  // What is kept of shards is needed while all of them are.
  void mark_kept(const std::string& actions) {
    const std::string folder = workspace_.path(actions);
    for (const std::string& name : list_folder(folder)) {
      const std::string text = read_if_there(folder + "/" + name);
      const Json action = Json::parse(text, nullptr, false);
      if (!action.is_object() || !action.contains("output")) continue;
      const std::vector<Digest> shards = digests_in(action["output"].value("shards", Json()).dump());
      if (std::ranges::all_of(shards, [&](const Digest& shard) { return needed_.objects.contains(shard); }))
        mark_text(action["output"].dump());
    }
  }

  // Temporary files come and go.
  static std::string read_if_there(const std::string& path) {
    return path_exists(path) ? read_file(path) : "";
  }

  // The last accepted data, and what it was compared with, as a run without changes will look for both.
  void mark_accepted() {
    const std::string folder = workspace_.path("refs/accepted");
    for (const std::string& name : list_folder(folder)) {
      for (const Digest& record : digests_in(read_if_there(folder + "/" + name))) {
        mark(record);
        if (!workspace_.has_object(record)) continue;
        const Json content = parse_json(workspace_.get_object(record), "record of accepted data");
        mark_text(content.value("compared_with", ""));
      }
    }
  }

  [[nodiscard]] bool is_young(const std::string& time) const {
    return rules_.days && now_ - parse_rfc3339(time) <= static_cast<double>(*rules_.days) * kDaySeconds;
  }
  [[nodiscard]] bool is_kept(std::size_t newer, const std::string& time) const {
    return !rules_.any() || (rules_.last && newer < *rules_.last) || is_young(time);
  }

  void mark_histories() {
    for (const std::string& name : dataset_names(workspace_)) {
      const HistoryState history = History(workspace_, name).state();
      for (const auto& [tag, version] : history.tags) mark(version);
      for (const auto& [branch, version] : history.branches) {
        mark(version);
        const std::vector<BranchMove> log = history.log(branch);
        for (std::size_t i = 0; i < log.size(); ++i) {
          if (is_kept(log.size() - 1 - i, log[i].time)) mark(log[i].version);
        }
      }
    }
  }

  // A run that is not done may be resumed from its checkpoints.
  [[nodiscard]] bool could_be_resumed(const Json& run) const {
    return run.value("status", "") != "done" &&
           !list_folder(workspace_.path("runs/" + run.value("run", "") + "/checkpoints")).empty();
  }

  void mark_runs() {
    std::map<std::string, std::size_t> newer;  // runs of each pipeline
    for (const Json& run : list_runs(workspace_)) {
      const bool in_progress = run.value("status", "") == "running";
      if (in_progress) needed_.runs_in_progress.push_back(run.value("run", ""));
      const std::size_t rank = newer[run.value("pipeline", "")]++;
      if (in_progress || could_be_resumed(run) || is_kept(rank, run.value("started", now_rfc3339())))
        mark_text(run.dump());
    }
  }

  const Workspace& workspace_;
  const KeepRules& rules_;
  const double now_ = seconds_now();
  Needed needed_;
};

}  // namespace

std::vector<Digest> digests_in(std::string_view text) {
  std::vector<Digest> digests;
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::size_t end = at;
    while (end < text.size() && is_hex(text[end])) ++end;
    if (end - at == kDigits) digests.push_back(Digest::from_hex(std::string(text.substr(at, kDigits))));
    at = end;
  }
  return digests;
}

Needed find_needed(const Workspace& workspace, const KeepRules& rules) {
  return Marking(workspace, rules).find();
}

}  // namespace millrace
