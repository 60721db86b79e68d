#include "storage/objects.hpp"

#include <array>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr int kLayout = 1;
constexpr const char* kMarker = "workspace.json";
constexpr std::array<const char*, 7> kFolders{"objects",  "actions", "refs", "runs",
                                              "registry", "deploy",  "tmp"};

void check_writable(const std::string& folder) {
  const PendingFile probe(folder + "/writable");  // removed again by its destructor
  const UniqueFd fd(
      file_operations().open(probe.temporary_path().c_str(), O_WRONLY | O_CREAT | O_EXCL, 0644));
  if (!fd.valid()) throw errno_error("create a file in", folder, errno);
}

// workspace.json says which layout the folder has. One without it is new, or as old as the first layout.
void check_layout(const std::string& root, const std::string& file) {
  if (!path_exists(file)) return;
  const int found = json_get<int>(read_json_file(file), "format", "'" + file + "'");
  if (found == kLayout) return;
  throw Error(
      Topic::kNewerWorkspace,
      "workspace '{}' has layout {}, this Millrace knows layout {}: use the Millrace that made it, or choose "
      "another workspace with --workspace",
      root, found, kLayout);
}

// NAME may have folders ("churn/main"), but must stay below its kind's folder.
void check_ref_name(const std::string& name) {
  for (const std::string& part : split(name, '/')) {
    if (part.empty() || part.front() == '.') {
      throw Error(Topic::kInvalidName,
                  "{} cannot be the name of a ref: no part of it may be empty or begin with a dot",
                  millrace::quoted(name));
    }
  }
}

}  // namespace

Error damaged_object(const std::string& path, const std::string& reason) {
  return {Topic::kDamagedObject, "object '{}' is damaged: {}; delete it and run again", path, reason};
}

Workspace::Workspace(std::string root) : root_(std::move(root)) {
  check_layout(root_, path(kMarker));
}

void Workspace::prepare() const {
  const std::string marker = path(kMarker);
  try {
    for (const char* folder : kFolders) {
      make_folder(path(folder));
      check_writable(path(folder));
    }
    if (!path_exists(marker)) publish_file(marker, pretty_json({{"format", kLayout}}));
  } catch (const Error& error) {
    throw error.reworded(fmt::format("workspace '{}' cannot be written: {}; choose another with --workspace",
                                     root_, error.message()));
  }
  for (const char* folder : {"tmp", "cache", "runs", "cost/storage", "cost/told", "."})
    remove_abandoned_files(path(folder));
}

std::string Workspace::object_path(const Digest& digest) const {
  return fmt::format("{}/objects/{}/{}", root_, digest.hex().substr(0, 2), digest.hex().substr(2));
}

bool Workspace::has_object(const Digest& digest) const {
  return path_exists(object_path(digest));
}

Digest Workspace::put_object(std::string_view bytes) const {
  PendingFile file(temporary_folder() + "/object");
  file.write(bytes);
  return put_object(file);
}

Digest Workspace::put_object(PendingFile& file) const {
  namespace fs = std::filesystem;
  Digest digest = digest_of_file(file.temporary_path());
  const std::string target = object_path(digest);
  std::error_code error;
  // An object that was cut short by a full or broken disk is replaced; a whole one is left alone, but young
  // again, so that no collection of garbage that has begun takes it.
  if (path_exists(target) && fs::file_size(target, error) == fs::file_size(file.temporary_path(), error) &&
      ::utimensat(AT_FDCWD, target.c_str(), nullptr, 0) == 0) {
    return digest;
  }
  constexpr auto kReadOnly = fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read;
  fs::permissions(file.temporary_path(), kReadOnly, error);
  if (error) throw errno_error("protect", file.temporary_path(), error);
  file.commit_as(target);
  return digest;
}

std::string Workspace::get_object(const Digest& digest, bool verify) const {
  const std::string file = object_path(digest);
  if (!path_exists(file)) {
    throw Error(Topic::kMissingObject,
                "object {} is missing from workspace '{}'; the stage that made it has to run again",
                digest.brief(), root_);
  }
  std::string bytes = read_file(file);
  if (verify && digest_of(bytes) != digest) throw damaged_object(file, "its bytes do not match its name");
  return bytes;
}

std::optional<Json> Workspace::find_action(const std::string& stage, const Digest& key) const {
  const std::string file = path("actions/" + stage + "/" + key.hex());
  if (!path_exists(file)) return std::nullopt;
  return read_json_file(file);
}

void Workspace::record_action(const std::string& stage, const Digest& key, const Json& output) const {
  PendingFile file(temporary_folder() + "/action");
  file.write(pretty_json(output));
  file.commit_as(path("actions/" + stage + "/" + key.hex()));
}

std::optional<Digest> Workspace::find_ref(const std::string& kind, const std::string& name) const {
  check_ref_name(name);
  const std::string file = path("refs/" + kind + "/" + name);
  if (!path_exists(file)) return std::nullopt;
  const std::string line = read_file(file);
  if (line.size() != 65 || line.find_first_not_of("0123456789abcdef") != 64 || line.back() != '\n') {
    throw Error(Topic::kDamagedFile, "ref '{}' is damaged: it holds {}, which is no digest", file,
                millrace::quoted(line));
  }
  return Digest::from_hex(line.substr(0, 64));
}

void Workspace::set_ref(const std::string& kind, const std::string& name, const Digest& digest) const {
  check_ref_name(name);
  PendingFile file(temporary_folder() + "/ref");
  file.write(digest.hex() + "\n");
  file.commit_as(path("refs/" + kind + "/" + name));
}

}  // namespace millrace
