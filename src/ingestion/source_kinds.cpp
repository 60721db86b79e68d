#include <algorithm>

#include "base/error.hpp"
#include "ingestion/local_files.hpp"
#include "ingestion/remote_files.hpp"
#include "ingestion/source_kind.hpp"
#include "ingestion/stdin_source.hpp"

namespace millrace {

void to_json(Json& json, const FoundFile& file) {
  json = {file.place, file.name, file.bytes, file.stamp};
}
void from_json(const Json& json, FoundFile& file) {
  file = {json.at(0), json.at(1), json.at(2), json.at(3)};
}

void SourceKind::fetch(const std::vector<Copy>&, const Share&) {
  throw internal_error("files that lie here are to be fetched");
}

SourceKinds::SourceKinds(const DataConfig& config, const Workspace& workspace) {
  kinds_.push_back(std::make_unique<StandardInput>(workspace.temporary_folder()));
  kinds_.push_back(std::make_unique<S3Files>(config));
  kinds_.push_back(std::make_unique<WebFiles>(config));
  kinds_.push_back(std::make_unique<LocalFiles>());
}

SourceKind& SourceKinds::of(const std::string& text) const {
  return **std::find_if(kinds_.begin(), kinds_.end(), [&](const auto& kind) { return kind->takes(text); });
}

}  // namespace millrace
