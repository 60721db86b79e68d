#include "pipeline/garbage.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "versions/history.hpp"

namespace millrace {

namespace {

namespace fs = std::filesystem;

struct StoredObject {
  Digest digest;
  std::uint64_t bytes = 0;
  double changed = 0;  // seconds since 1970
};

// Nothing where another has removed it.
std::optional<StoredObject> examine(const std::string& path, const Digest& digest) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0)
    return StoredObject{digest, static_cast<std::uint64_t>(status.st_size),
                        static_cast<double>(status.st_mtime)};
  if (errno != ENOENT) throw errno_error("look at", path, errno);
  return std::nullopt;
}

// Files of other names are not ours.
std::vector<StoredObject> list_objects(const Workspace& workspace) {
  std::vector<StoredObject> objects;
  const std::string root = workspace.path("objects");
  for (const std::string& folder : list_folder(root)) {
    for (const std::string& name : list_folder(root + "/" + folder)) {
      const std::vector<Digest> digest = digests_in(folder + name);
      if (digest.size() != 1) continue;
      if (const auto object = examine(workspace.object_path(digest[0]), digest[0]))
        objects.push_back(*object);
    }
  }
  return objects;
}

class Collection {
 public:
  Collection(const Workspace& workspace, const GarbageOptions& options)
      : workspace_(workspace), options_(options) {}

  GarbageReport run() {
    const Needed needed = find_needed(workspace_, options_.keep);
    report_.runs_in_progress = needed.runs_in_progress;
    const std::vector<StoredObject> garbage = find_garbage(needed);
    report_.versions = versions_among(garbage);
    collect_actions(garbage);
    if (options_.dry_run) {
      for (const StoredObject& object : garbage) count(object);
      return report_;
    }
    remove_objects(garbage);
    return report_;
  }

 private:
  [[nodiscard]] bool is_young(const StoredObject& object) const {
    const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
    return object.changed > now.count() - options_.grace_seconds;
  }

  std::vector<StoredObject> find_garbage(const Needed& needed) {
    std::vector<StoredObject> garbage;
    for (const StoredObject& object : list_objects(workspace_)) {
      if (needed.objects.contains(object.digest)) {
        ++report_.kept_objects;
      } else if (is_young(object)) {
        ++report_.young_objects;
      } else {
        garbage.push_back(object);
      }
    }
    return garbage;  // in the order of their digests
  }

  static bool is_among(const std::vector<StoredObject>& objects, const Digest& digest) {
    return std::ranges::binary_search(objects, digest, {}, &StoredObject::digest);
  }

  [[nodiscard]] std::vector<std::string> versions_among(const std::vector<StoredObject>& garbage) const {
    std::vector<std::string> versions;
    for (const std::string& name : dataset_names(workspace_)) {
      for (const Digest& version : History(workspace_, name).state().versions()) {
        if (is_among(garbage, version)) versions.push_back(name + "@" + version.brief());
      }
    }
    return versions;
  }

  // An action without its result is worth nothing.
  void collect_actions(const std::vector<StoredObject>& garbage) {
    const std::string root = workspace_.path("actions");
    for (const std::string& stage : list_folder(root)) {
      for (const std::string& key : list_folder(root + "/" + stage)) {
        const std::string path = root + "/" + stage + "/" + key;
        const Json action = Json::parse(read_file(path), nullptr, false);
        const std::string output = action.is_object() ? action.value("output", Json()).dump() : "";
        if (!std::ranges::any_of(digests_in(output), [&](const Digest& d) { return is_among(garbage, d); }))
          continue;
        ++report_.actions;
        if (!options_.dry_run && ::unlink(path.c_str()) != 0 && errno != ENOENT)
          throw errno_error("remove", path, errno);
      }
    }
  }

  void remove_objects(const std::vector<StoredObject>& garbage) {
    const Needed needed = find_needed(workspace_, options_.keep);
    report_.interrupted = std::ranges::any_of(needed.runs_in_progress, [&](const std::string& run) {
      return std::ranges::find(report_.runs_in_progress, run) == report_.runs_in_progress.end();
    });
    if (report_.interrupted) {
      report_.versions.clear();
      return;
    }
    for (const StoredObject& object : garbage) {
      if (!needed.objects.contains(object.digest)) remove(object);
    }
  }

  void remove(const StoredObject& object) {
    const std::string path = workspace_.object_path(object.digest);
    PendingFile aside(workspace_.temporary_folder() + "/garbage");  // removed by its destructor
    if (file_operations().rename(path.c_str(), aside.temporary_path().c_str()) != 0) {
      if (errno == ENOENT) return;
      throw errno_error("remove", path, errno);
    }
    const auto now = examine(aside.temporary_path(), object.digest);
    if (now && is_young(*now)) {
      aside.commit_as(path);
    } else {
      count(object);
    }
  }

  void count(const StoredObject& object) {
    ++report_.objects;
    report_.bytes += object.bytes;
  }

  const Workspace& workspace_;
  const GarbageOptions& options_;
  GarbageReport report_;
};

}  // namespace

GarbageReport collect_garbage(const Workspace& workspace, const GarbageOptions& options) {
  return Collection(workspace, options).run();
}

}  // namespace millrace
