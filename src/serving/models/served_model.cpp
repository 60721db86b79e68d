#include "serving/models/served_model.hpp"

#include <algorithm>
#include <thread>

#include "base/faults.hpp"
#include "base/topics.hpp"
#include "device/scoring_device.hpp"

namespace millrace {

namespace {

Json prediction_profile(const ArtifactContents& contents) {
  const std::string* profile = contents.find("profile.json");
  if (profile == nullptr) return nullptr;
  return parse_json(*profile, "profile.json").value("predictions", Json(nullptr));
}

std::shared_ptr<const ServedModel> load(const std::string& path, Digest digest, ScoringDevice* device) {
  return with_context("artifact '" + path + "'", [&] {
    const ArtifactContents contents = read_contents(path);
    Artifact artifact = artifact_of(contents);
    check_golden_rows(artifact);
    if (device != nullptr) {
      const std::string name = fmt::format("{}/{}", artifact.model, artifact.version);
      artifact.scorer.score_on(device->place(artifact.scorer.network(), name));
    }
    return std::make_shared<const ServedModel>(std::move(artifact), prediction_profile(contents),
                                               std::move(digest));
  });
}

}  // namespace

ServedModel::ServedModel(Artifact artifact, const Json& profile, Digest digest)
    : artifact_(std::move(artifact)),
      digest_(std::move(digest)),
      version_(std::to_string(artifact_.version)),
      bins_(task(), outputs(), profile),
      delay_(scoring_delay(name() + "/" + version_)),
      pool_(inputs()) {
  for (std::size_t i = 0; i < inputs().size(); ++i) input_index_.emplace(inputs()[i].name, i);
}

std::optional<std::size_t> ServedModel::find_input(std::string_view name, std::size_t hint) const {
  if (hint < inputs().size() && inputs()[hint].name == name) return hint;
  const auto found = input_index_.find(name);
  return found == input_index_.end() ? std::nullopt : std::optional(found->second);
}

const std::string& ServedModel::likeliest_class(std::span<const float> row) const {
  if (task() == Task::kBinary) return classes().at(row[0] >= 0.5F ? 1 : 0);
  return classes().at(static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin()));
}

void ServedModel::score(ScoringMemory& memory) const {
  if (delay_.count() > 0) std::this_thread::sleep_for(delay_);
  artifact_.scorer.answer(memory.table, memory.workspace, memory.predictions);
}

std::shared_ptr<const ServedModel> load_model(const std::string& path, ScoringDevice* device) {
  return load(path, digest_of_file(path), device);
}

std::shared_ptr<const ServedModel> load_model(const std::string& path, const Digest& digest,
                                              ScoringDevice* device) {
  const Digest found = digest_of_file(path);
  if (found != digest) {
    throw Error(Topic::kDamagedArtifact, "artifact '{}' is damaged: its digest is {}…", path, found.brief());
  }
  return load(path, digest, device);
}

}  // namespace millrace
