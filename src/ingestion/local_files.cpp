#include "ingestion/source_paths.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include <glob.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "ingestion/public_data.hpp"
#include "ingestion/rejects.hpp"

namespace millrace {

namespace {

namespace fs = std::filesystem;

constexpr const char* kGzip = ".gz";

fs::path without_gzip(const fs::path& path) {
  return path.extension() == kGzip ? fs::path(path).replace_extension() : path;
}

bool is_csv_name(const fs::path& path) {
  return without_gzip(path).extension() == ".csv";
}

std::vector<std::string> csv_files_below(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::follow_directory_symlink, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (is_csv_name(entry->path()) && entry->is_regular_file(error)) {
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

void refuse_compressed(const std::string& path) {
  static constexpr std::array<const char*, 4> kCompressed{".bz2", ".xz", ".zst", ".zip"};
  const std::string extension = fs::path(path).extension().string();
  if (std::find(kCompressed.begin(), kCompressed.end(), extension) == kCompressed.end()) return;
  throw Error(Topic::kUnknownPacking,
              "'{}' is packed in a way that is not read: unpack it, or pack it with gzip", path);
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

std::vector<std::string> expand(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    auto files = csv_files_below(path);
    if (files.empty())
      throw Error(Topic::kNoMatchingFile, "the folder '{}' holds no *.csv or *.csv.gz", path);
    return files;
  }
  if (fs::exists(path, ignored)) return {path};
  if (path.find_first_of("*?[") == std::string::npos) throw nothing_there(path);
  std::vector<std::string> files;
  for (const std::string& match : glob_matches(path)) {
    const auto below = fs::is_directory(match, ignored) ? csv_files_below(match) : std::vector{match};
    files.insert(files.end(), below.begin(), below.end());
  }
  if (files.empty())
    throw Error(Topic::kNoMatchingFile, "no file matches '{}'{}", path, public_data_hint(path));
  return files;
}

}  // namespace

std::vector<std::string> expand_sources(const std::vector<SourceText>& entries) {
  if (entries.empty()) throw Error(Topic::kMissingKey, "data.source names no file");
  std::vector<std::string> paths;
  std::set<fs::path> seen;
  for (const SourceText& entry : entries) {
    with_context(entry.mark.str() + ": data.source", [&] {
      for (std::string& path : expand(entry.text)) {
        refuse_compressed(path);
        if (!is_utf8(path)) throw usage_error("the file's name '{}' is no UTF-8", printable(path, 200));
        std::error_code ignored;
        if (!seen.insert(without_gzip(fs::weakly_canonical(path, ignored))).second) {
          throw Error(Topic::kNamedTwice,
                      "'{}' is named twice, or once more with or without .gz: its rows would count twice",
                      path);
        }
        paths.push_back(std::move(path));
      }
    });
  }
  return paths;
}

}  // namespace millrace
