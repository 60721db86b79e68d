#include <filesystem>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/topics.hpp"
#include "packaging/runtimes/export.hpp"

namespace millrace {

namespace {

namespace fs = std::filesystem;

bool is_there_already(const std::string& path, const std::string& bytes) {
  if (!path_exists(path)) return false;
  if (read_file(path) == bytes) return true;
  throw Error(Topic::kContradiction,
              "'{}' exists with another content; remove it, or export to another folder: nothing was written",
              path);
}

void make_executable(const std::string& path) {
  using fs::perms;
  std::error_code error;
  fs::permissions(
      path,
      perms::owner_all | perms::group_read | perms::group_exec | perms::others_read | perms::others_exec,
      error);
  if (error) throw errno_error("make executable", path, error);
}

}  // namespace

void write_export(const std::string& folder, const ExportedFiles& files) {
  std::vector<const ExportedFile*> missing;
  for (const ExportedFile& file : files) {
    if (!is_there_already(folder + "/" + file.path, file.bytes)) missing.push_back(&file);
  }
  for (const ExportedFile* file : missing) {
    const std::string path = folder + "/" + file->path;
    make_folder(fs::path(path).parent_path().string());
    publish_file(path, file->bytes);
    if (file->executable) make_executable(path);
  }
}

}  // namespace millrace
