// Looks at what data.source names, again and again: which files are complete, and which of those have bytes
// that nothing has been made of yet. What is complete: docs/monitoring.md, "Watch".
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "config/pipeline_config.hpp"
#include "ingestion/source_kind.hpp"
#include "monitoring/watch_state.hpp"
#include "storage/objects.hpp"

namespace millrace {

struct WatchedContent {
  std::string place;  // path or address of the file that has it; the first where several do
  std::uint64_t bytes = 0;
  std::string digest;  // in hexadecimal
};
void to_json(Json& json, const WatchedContent& content);

struct DataLook {
  std::vector<WatchedContent> contents;  // of complete files, each once, without those that were taken
  std::vector<std::string> incomplete;   // places
};

// By one process at a time.
class DataWatch {
 public:
  // `clock` gives the time of a look: tests have their own. Throws kUsage where standard input is among the
  // sources, kResource where another process watches this pipeline.
  explicit DataWatch(const PipelineConfig& config, std::function<LookTime()> clock = look_time_now);

  // Throws as Sources does, where a folder is gone or a server away; then it is as if there had been no look.
  DataLook look();
  // Contents that are no longer new.
  void take(const std::set<std::string>& digests);

 private:
  using Files = std::map<std::string, WatchedFile>;
  [[nodiscard]] std::vector<FoundFile> find();
  [[nodiscard]] Files seen(const std::vector<FoundFile>& found, double passed) const;
  [[nodiscard]] DataLook summary(const std::vector<FoundFile>& found) const;
  [[nodiscard]] bool is_complete(const FoundFile& file, const WatchedFile& watched);
  [[nodiscard]] bool has_marker(const FoundFile& file);
  void read_complete(const std::vector<FoundFile>& found);
  void read(const std::vector<std::string>& places);
  void save(const Files& before) const;

  Workspace workspace_;
  DataConfig data_;
  WatchConfig rules_;
  std::function<LookTime()> clock_;
  SourceKinds kinds_;
  std::string folder_;
  WatchLock lock_;
  WatchState state_;
  std::map<std::string, Json> markers_;  // of the look that goes on: their stamps; null: missing
  std::set<std::string> unwatchable_;    // places, told once
};

}  // namespace millrace
