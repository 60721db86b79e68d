// What is long and rarely asked for: each version's configuration ("config"), the environment that it was
// trained in
// ("environment"), the course of its training ("training") and the search that its values come from
// ("search"). Documents named by their digests in records/ beside the journal's entries; versions share those
// that are equal. Entries name them ("details":
// {"records": {NAME: DIGEST}}), so that what they say is covered by the journal's chain.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "registry/registry.hpp"

namespace millrace {

inline constexpr const char* kRecordsFolder = "records";

// `folder` is the registry's. Throws kResource.
Digest write_record(const std::string& folder, const Json& record);

// Where it is, or would be.
std::string record_path(const std::string& folder, const Digest& digest);
// All that a version's details name.
std::vector<Digest> named_records(const Json& details);

// Reads records and keeps what it has read: nights of one configuration read it once.
class Records {
 public:
  explicit Records(std::string folder) : folder_(std::move(folder)) {}

  // Null where the version has none of this name. Throws kResource where it is missing or altered.
  [[nodiscard]] const Json& of(const Json& details, const std::string& name) const;

 private:
  [[nodiscard]] const Json& read(const Digest& digest) const;

  std::string folder_;
  mutable std::map<Digest, Json> read_;
};

}  // namespace millrace
