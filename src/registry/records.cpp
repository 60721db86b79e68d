#include "registry/records.hpp"

#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/topics.hpp"

namespace millrace {

std::string record_path(const std::string& folder, const Digest& digest) {
  return folder + "/" + kRecordsFolder + "/" + digest.hex() + ".json";
}

std::vector<Digest> named_records(const Json& details) {
  std::vector<Digest> records;
  const Json named = details.value("records", Json::object());
  for (const auto& [name, hex] : named.items())
    records.push_back(Digest::from_hex(hex.is_string() ? hex.get<std::string>() : ""));
  return records;
}

Digest write_record(const std::string& folder, const Json& record) {
  const std::string text = canonical_json(record);
  Digest digest = digest_of(text);
  const std::string path = record_path(folder, digest);
  if (!path_exists(path)) publish_file(path, text);
  return digest;
}

const Json& Records::read(const Digest& digest) const {
  const auto known = read_.find(digest);
  if (known != read_.end()) return known->second;
  const std::string path = record_path(folder_, digest);
  const std::string text = read_file(path);
  if (digest_of(text) != digest)
    throw Error(Topic::kDamagedJournal, "record '{}' was altered: its bytes do not match its name", path);
  return read_.emplace(digest, parse_json(text, path)).first->second;
}

// Before there were records, entries held the configuration itself.
const Json& Records::of(const Json& details, const std::string& name) const {
  static const Json kNone;
  const auto records = details.find("records");
  if (records != details.end() && records->contains(name))
    return read(Digest::from_hex(json_get<std::string>(*records, name, "records of a version")));
  const auto inside = details.find(name);
  return inside != details.end() && inside->is_object() ? *inside : kNone;
}

}  // namespace millrace
