#include "ingestion/local_files.hpp"

#include <algorithm>
#include <filesystem>

#include <glob.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "ingestion/digest_memory.hpp"
#include "ingestion/packing.hpp"
#include "ingestion/partitions.hpp"
#include "ingestion/public_data.hpp"

namespace millrace {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::follow_directory_symlink, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (is_source_name(entry->path().string()) && entry->is_regular_file(error)) {
      files.push_back(entry->path().string());
    }
  }
  if (error) throw errno_error("list the folder", folder, error);
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> glob_matches(const std::string& pattern) {
  glob_t found{};
  const int status = ::glob(pattern.c_str(), 0, nullptr, &found);
  std::vector<std::string> paths(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  if (status != 0 && status != GLOB_NOMATCH) {
    throw resource_error("cannot look for the files that '{}' names", pattern);
  }
  std::sort(paths.begin(), paths.end());  // by bytes: glob(3) sorts by the locale
  return paths;
}

Error nothing_there(const std::string& path) {
  const fs::path parent = fs::path(path).parent_path();
  const std::string folder = parent.empty() ? "." : parent.string();
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    return Error(Topic::kMissingFile, "there is no file '{}': its folder does not exist{}", path,
                 public_data_hint(path));
  }
  return Error(Topic::kMissingFile, "there is no file '{}'{}{}", path,
               suggestion(fs::path(path).filename().string(), list_folder(folder)), public_data_hint(path));
}

// The paths that an entry names.
std::vector<std::string> matches(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    auto files = files_below(path);
    if (files.empty())
      throw Error(Topic::kNoMatchingFile,
                  "the folder '{}' holds no *.csv, *.h5 or *.hdf5, plain or packed (.gz, .zst)", path);
    return files;
  }
  if (fs::exists(path, ignored)) return {path};
  if (path.find_first_of("*?[") == std::string::npos) throw nothing_there(path);
  std::vector<std::string> files;
  for (const std::string& match : glob_matches(path)) {
    const auto below = fs::is_directory(match, ignored) ? files_below(match) : std::vector{match};
    files.insert(files.end(), below.begin(), below.end());
  }
  if (files.empty())
    throw Error(Topic::kNoMatchingFile, "no file matches '{}'{}", path, public_data_hint(path));
  return files;
}

}  // namespace

std::vector<FoundFile> LocalFiles::expand(const std::string& entry) {
  if (entry.find("://") != std::string::npos) {
    throw Error(
        Topic::kUnknownKind,
        "'{}' is an address of a kind that is not read: sources are files, s3://, https:// or http:// "
        "addresses, or '-'",
        entry);
  }
  std::vector<FoundFile> files;
  for (const std::string& path : matches(entry)) {
    refuse_unknown_packing(path);
    const FileStamp stamp = stamp_of(path);
    files.push_back({path, source_name(path), stamp.size, stamp});
  }
  return files;
}

}  // namespace millrace
