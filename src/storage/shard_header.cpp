#include "storage/shard_header.hpp"

#include "base/topics.hpp"

namespace millrace {

void write_header(hdf5::File& file, const std::string& kind, int format, Json fields) {
  fields["kind"] = kind;
  fields["format"] = format;
  file.set_attribute("millrace", canonical_json(fields));
}

Json read_header(const hdf5::File& file, const std::string& path, const std::string& kind, int format) {
  const std::string what = "the header of '" + path + "'";
  Json header = parse_json(file.attribute("millrace"), what);
  if (const auto found = json_get<std::string>(header, "kind", what); found != kind) {
    throw Error(Topic::kDamagedFile, "'{}' is a {}, not a {}", path, found, kind);
  }
  if (const int found = json_get<int>(header, "format", what); found != format) {
    throw Error(Topic::kNewerFormat, "'{}' is a {} of format {}; this Millrace reads format {}", path, kind,
                found, format);
  }
  return header;
}

}  // namespace millrace
