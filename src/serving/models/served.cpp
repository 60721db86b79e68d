#include "serving/models/served.hpp"

#include <algorithm>

namespace millrace {

const Arm* Served::find(ArmKind kind) const {
  const auto found =
      std::ranges::find_if(arms, [kind](const Arm& arm) { return arm.kind == kind && arm.ready(); });
  return found == arms.end() ? nullptr : &*found;
}

const Arm* Served::find_version(std::string_view version) const {
  const auto found = std::ranges::find_if(
      arms, [version](const Arm& arm) { return arm.ready() && arm.model->version() == version; });
  return found == arms.end() ? nullptr : &*found;
}

const Arm& Served::arm_of(std::uint32_t bucket) const {
  const Arm* candidate = find(ArmKind::kCandidate);
  const bool takes =
      candidate != nullptr && takes_candidate(Candidate{candidate->what, mode, percent}, bucket);
  return takes ? *candidate : current();
}

const Arm* Served::shadow_of(std::uint32_t bucket) const {
  const Arm* candidate = find(ArmKind::kCandidate);
  const bool scores = candidate != nullptr && mode == CandidateMode::kShadow &&
                      in_share(Candidate{candidate->what, mode, percent}, bucket);
  return scores ? candidate : nullptr;
}

std::vector<std::string> Served::versions() const {
  std::vector<std::string> result;
  for (const Arm& arm : arms) {
    if (arm.ready()) result.push_back(arm.model->version());
  }
  return result;
}

void Catalog::add(const std::string& name, const std::shared_ptr<const Served>& served) {
  served_.try_emplace(name, served);
}

std::shared_ptr<const Served> Catalog::find(std::string_view name) const {
  const auto found = served_.find(name);
  return found == served_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<const Served>> Catalog::distinct() const {
  std::vector<std::shared_ptr<const Served>> result;
  for (const auto& [name, served] : served_) {
    if (std::ranges::find(result, served) == result.end()) result.push_back(served);
  }
  return result;
}

}  // namespace millrace
