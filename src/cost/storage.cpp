#include "cost/storage.hpp"

#include <algorithm>
#include <chrono>

#include <sys/stat.h>

#include "base/file.hpp"
#include "base/log.hpp"
#include "base/publish.hpp"
#include "base/time.hpp"

namespace millrace {

namespace {

std::string measures_folder(const Workspace& workspace) {
  return workspace.path("cost/storage");
}

// One that is removed meanwhile has no bytes.
std::uint64_t bytes_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return 0;
  return static_cast<std::uint64_t>(status.st_size);
}

Json measured(const Workspace& workspace, const Prices& prices, Moment now) {
  std::uint64_t bytes = 0;
  std::uint64_t objects = 0;
  const std::string root = workspace.path("objects");
  for (const std::string& folder : list_folder(root)) {
    for (const std::string& name : list_folder(root + "/" + folder)) {
      bytes += bytes_of(root + "/" + folder + "/" + name);
      ++objects;
    }
  }
  Json measure{{"time", to_rfc3339(Milliseconds(std::chrono::milliseconds(now)))},
               {"bytes", bytes},
               {"objects", objects},
               {"currency", prices.currency}};
  if (prices.gb_month) measure["gb_month"] = prices.gb_month->value();
  return measure;
}

StorageMeasure read_measure(const std::string& path) {
  const Json json = read_json_file(path);
  const std::string what = "'" + path + "'";
  StorageMeasure measure{moment_of(json_get<std::string>(json, "time", what)),
                         json_get<std::uint64_t>(json, "bytes", what),
                         json_get<std::string>(json, "currency", what),
                         {}};
  if (json.contains("gb_month")) measure.gb_month = Money::of(json_get<double>(json, "gb_month", what), what);
  return measure;
}

}  // namespace

void measure_storage(const Workspace& workspace, const Prices& prices, Moment now) {
  const std::string path = measures_folder(workspace) + "/" + day_of(now) + ".json";
  if (path_exists(path) || !path_exists(workspace.path("objects"))) return;
  (void)publish_exclusive(path, pretty_json(measured(workspace, prices, now)));
}

std::vector<StorageMeasure> storage_measures(const Workspace& workspace) {
  std::vector<StorageMeasure> measures;
  for (const std::string& name : list_folder(measures_folder(workspace))) {
    if (!name.ends_with(".json")) continue;
    try {
      measures.push_back(read_measure(measures_folder(workspace) + "/" + name));
    } catch (const Error& error) {
      log_warning("a measure of the storage is left out of the costs: {}", error.message());
    }
  }
  std::ranges::sort(measures, {}, &StorageMeasure::time);
  return measures;
}

}  // namespace millrace
