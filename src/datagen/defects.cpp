#include "datagen/defects.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace::datagen {

namespace {

Defect parse_defect(const std::string& name) {
  static const std::vector<std::string> kNames{"ragged", "text", "duplicate", "blank", "quote"};
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) {
    throw Error(Topic::kUnknownName, "unknown defect {}{}; defects: {}", millrace::quoted(name),
                suggestion(name, kNames), join(kNames, ", "));
  }
  return static_cast<Defect>(1 + (found - kNames.begin()));
}

}  // namespace

DefectSource::DefectSource(double share, const std::vector<std::string>& kinds, std::uint64_t seed)
    : share_(share), seed_(seed) {
  if (!(share >= 0 && share <= 1))
    throw Error(Topic::kCommandLine, "the share of defects is {}; it lies from 0 to 1", share);
  if (share > 0 && kinds.empty())
    throw Error(Topic::kCommandLine, "a share of defects needs at least one kind of defect");
  for (const std::string& kind : kinds) kinds_.push_back(parse_defect(kind));
}

// Its own stream of random numbers: the rows that stay whole are the same with defects as without.
Defect DefectSource::draw(std::int32_t day, std::uint64_t row) const {
  if (share_ == 0) return Defect::kNone;
  constexpr std::uint64_t kStream = 0xDEFEC7;
  CounterRandom random(derive_key({seed_, static_cast<std::uint64_t>(day), row, kStream}));
  if (random.uniform() >= share_) return Defect::kNone;
  return kinds_[random.below(kinds_.size())];
}

}  // namespace millrace::datagen
