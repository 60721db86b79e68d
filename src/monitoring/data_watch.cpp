#include "monitoring/data_watch.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/events.hpp"
#include "base/log.hpp"
#include "base/publish.hpp"
#include "base/topics.hpp"
#include "comm/communicator.hpp"
#include "ingestion/digest_memory.hpp"
#include "ingestion/sources.hpp"

namespace millrace {

namespace {

std::string folder_of(const PipelineConfig& config) {
  Workspace(config.workspace).prepare();
  std::string folder = config.workspace + "/monitoring/" + config.name + "/watch";
  make_folder(folder);
  return folder;
}

// What says that a file is complete, beside the file or in its folder.
std::string marker_of(const std::string& place, const std::string& marker) {
  if (marker.starts_with('.')) return place + marker;
  return place.substr(0, place.rfind('/') + 1) + marker;
}

// The stamp of an entry that names one file; null where there is none.
Json stamp_if_there(SourceKind& kind, const std::string& place) {
  try {
    return kind.expand(place).front().stamp;
  } catch (const Error& error) {
    if (error.topic() == Topic::kMissingFile || error.topic() == Topic::kMissingSource) return nullptr;
    throw;
  }
}

// Size and stamp.
std::pair<std::uint64_t, Json> opened(const std::string& path) {
  const FileStamp stamp = stamp_of(ReadableFile(path));
  return {stamp.size, stamp};
}

bool is_unsettled(const std::pair<const std::string, WatchedFile>& file) {
  return file.second.digest.empty();
}

}  // namespace

void to_json(Json& json, const WatchedContent& content) {
  json = {{"place", content.place}, {"bytes", content.bytes}, {"sha256", content.digest}};
}

DataWatch::DataWatch(const PipelineConfig& config, std::function<LookTime()> clock)
    : workspace_(config.workspace),
      data_(config.data),
      rules_(config.monitoring.watch),
      clock_(std::move(clock)),
      kinds_(config.data, workspace_),
      folder_(folder_of(config)),
      lock_(folder_ + "/lock"),
      state_(read_watch_state(folder_ + "/state.json")) {
  remove_abandoned_files(folder_);  // of a watcher that was killed
  for (const SourceText& entry : data_.source) {
    if (entry.text == "-")
      throw Error(Topic::kContradiction, "{}: data.source is standard input, which cannot be watched",
                  entry.mark.str());
  }
}

// Files that have bytes and can be told from what they were.
std::vector<FoundFile> DataWatch::find() {
  std::vector<FoundFile> files = find_files(kinds_, data_);
  std::erase_if(files, [&](FoundFile& file) {
    // Opening a file asks a network file system's server what it is now; stat(2) may remember.
    if (kinds_.of(file.place).is_local()) std::tie(file.bytes, file.stamp) = opened(file.place);
    if (file.stamp.is_null() && unwatchable_.insert(file.place).second)
      log_warning("'{}' is not watched: its server does not tell when it changes", file.name);
    return file.stamp.is_null() || file.bytes == 0;
  });
  return files;
}

// A local marker that is older than the file is of what the file was before.
bool DataWatch::has_marker(const FoundFile& file) {
  const std::string place = marker_of(file.place, rules_.marker);
  SourceKind& kind = kinds_.of(file.place);
  const auto [marker, is_new] = markers_.try_emplace(place);
  if (is_new) marker->second = stamp_if_there(kind, place);
  if (marker->second.is_null() || !kind.is_local()) return !marker->second.is_null();
  return marker->second.get<FileStamp>().mtime >= file.stamp.get<FileStamp>().mtime;
}

bool DataWatch::is_complete(const FoundFile& file, const WatchedFile& watched) {
  return rules_.marker.empty() ? watched.stood >= rules_.settle : has_marker(file);
}

DataLook DataWatch::look() {
  const LookTime now = clock_();
  const std::vector<FoundFile> found = find();
  const Files before = std::exchange(state_.files, seen(found, seconds_between(state_.time, now)));
  state_.time = now;
  save(before);
  read_complete(found);
  return summary(found);
}

DataWatch::Files DataWatch::seen(const std::vector<FoundFile>& found, double passed) const {
  Files files;
  for (const FoundFile& file : found) {
    const auto before = state_.files.find(file.place);
    const bool is_as_before = before != state_.files.end() && before->second.stamp == file.stamp;
    WatchedFile watched = is_as_before ? before->second : WatchedFile{file.stamp};
    if (is_as_before && watched.digest.empty()) watched.stood += passed;
    files.emplace(file.place, std::move(watched));
  }
  return files;
}

void DataWatch::read_complete(const std::vector<FoundFile>& found) {
  std::vector<std::string> unread;
  markers_.clear();
  for (const FoundFile& file : found) {
    const WatchedFile& watched = state_.files.at(file.place);
    if (watched.digest.empty() && is_complete(file, watched)) unread.push_back(file.place);
  }
  if (unread.empty()) return;
  const Files before = state_.files;
  read(unread);
  save(before);
}

DataLook DataWatch::summary(const std::vector<FoundFile>& found) const {
  DataLook look;
  std::set<std::string> contents;
  for (const FoundFile& file : found) {
    const WatchedFile& watched = state_.files.at(file.place);
    if (watched.digest.empty()) {
      look.incomplete.push_back(file.place);
    } else if (!watched.taken && contents.insert(watched.digest).second) {
      look.contents.push_back({file.place, file.bytes, watched.digest});
    }
  }
  return look;
}

// By ingestion's own means, which remembers the digests for the run that follows. A file that has changed
// since it was found is left as not read.
void DataWatch::read(const std::vector<std::string>& places) {
  DataConfig data = data_;
  data.partitions.reset();
  data.source.clear();
  for (const std::string& place : places) data.source.push_back({place, {}});
  Events events;
  const Communicator alone = Communicator::self();
  const Sources sources(alone, data, workspace_, events);
  for (std::size_t i = 0; i < sources.files().size(); ++i) {
    const FoundFile& file = sources.found()[i];
    const auto watched = state_.files.find(file.place);
    if (watched == state_.files.end()) continue;
    if (watched->second.stamp == file.stamp) watched->second.digest = sources.files()[i].digest.hex();
  }
}

void DataWatch::take(const std::set<std::string>& digests) {
  const Files before = state_.files;
  for (auto& [place, file] : state_.files) file.taken = file.taken || digests.contains(file.digest);
  save(before);
}

// While a file settles, the time of each look counts.
void DataWatch::save(const Files& before) const {
  if (before == state_.files && std::ranges::none_of(state_.files, is_unsettled)) return;
  write_watch_state(folder_ + "/state.json", state_);
}

}  // namespace millrace
