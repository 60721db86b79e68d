#include "statistics/key_ranges.hpp"

#include <algorithm>
#include <utility>

namespace millrace {

void KeyRanges::add(const KeyRange& range) {
  if (!empty() && lasts_.back() + 1 == range.first) {
    lasts_.back() = range.last;
    return;
  }
  if (range.last < range.first || (!empty() && range.first <= lasts_.back()))
    throw resource_error("ranges of keys are not in ascending order");
  firsts_.push_back(range.first);
  lasts_.push_back(range.last);
}

bool KeyRanges::cover(const KeyRanges& others) const {
  for (std::size_t i = 0; i < others.firsts_.size(); ++i) {
    const auto above = std::ranges::upper_bound(firsts_, others.firsts_[i]) - firsts_.begin();
    if (above == 0 || lasts_[static_cast<std::size_t>(above - 1)] < others.lasts_[i]) return false;
  }
  return true;
}

void to_json(Json& json, const KeyRanges& ranges) {
  json = Json::array();
  for (std::size_t i = 0; i < ranges.firsts_.size(); ++i)
    json.push_back({ranges.firsts_[i], ranges.lasts_[i]});
}

void from_json(const Json& json, KeyRanges& ranges) {
  ranges = {};
  for (const auto& [first, last] : json.get<std::vector<std::pair<std::uint64_t, std::uint64_t>>>())
    ranges.add({first, last});
}

}  // namespace millrace
