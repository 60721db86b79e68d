#include "storage/shard_header.hpp"

#include "base/digest.hpp"
#include "base/topics.hpp"
#include "storage/hdf5_driver.hpp"
#include "storage/objects.hpp"

namespace millrace {

namespace {

constexpr const char* kHeader = "millrace";
constexpr const char* kCheck = "millrace_xxh3";

std::string check_of(const std::string& header) {
  return fmt::format("{:016x}", xxh3(header));
}

}  // namespace

void write_header(hdf5::File& file, const std::string& kind, int format, Json fields) {
  fields["kind"] = kind;
  fields["format"] = format;
  const std::string header = canonical_json(fields);
  file.set_attribute(kHeader, header);
  file.set_attribute(kCheck, check_of(header));
}

Json read_header(const hdf5::File& file, const std::string& kind, int format) {
  const std::string text = file.attribute(kHeader);
  Json header = parse_json(text, "its header");
  if (const auto found = json_get<std::string>(header, "kind", "its header"); found != kind) {
    throw Error(Topic::kDamagedFile, "it is a {}, not a {}", found, kind);
  }
  if (const int found = json_get<int>(header, "format", "its header"); found != format) {
    throw Error(Topic::kNewerFormat,
                "it is a {} of format {}, this Millrace reads format {}: run the pipeline again, which makes "
                "new ones, or use the Millrace that wrote it",
                kind, found, format);
  }
  if (file.attribute(kCheck) != check_of(text))
    throw Error(Topic::kDamagedFile, "its header is not that which was written");
  return header;
}

void rethrow_for_object(const std::string& path, const Error& error) {
  if (const int number = hdf5::take_failure(path); number != 0) throw errno_error("read", path, number);
  if (error.topic() == Topic::kDamagedFile || error.topic() == Topic::kResource)
    throw damaged_object(path, error.message());
  if (error.topic() == Topic::kMissingFile) {
    throw Error(Topic::kMissingObject, "object '{}' is missing; the stage that made it has to run again",
                path);
  }
  if (error.topic() == Topic::kNewerFormat) throw error.in("object '" + path + "'");
  throw;
}

}  // namespace millrace
