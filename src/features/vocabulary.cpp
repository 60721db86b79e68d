#include <algorithm>
#include <numeric>

#include "features/plan.hpp"

namespace millrace {

Vocabulary::Vocabulary(std::vector<std::string> levels)
    : levels_(std::move(levels)), by_text_(levels_.size()) {
  std::iota(by_text_.begin(), by_text_.end(), 0);
  std::sort(by_text_.begin(), by_text_.end(),
            [this](std::int32_t a, std::int32_t b) { return levels_[a] < levels_[b]; });
}

std::int32_t Vocabulary::index_of(std::string_view present_value) const {
  const auto found =
      std::lower_bound(by_text_.begin(), by_text_.end(), present_value,
                       [this](std::int32_t level, std::string_view text) { return levels_[level] < text; });
  return found != by_text_.end() && levels_[*found] == present_value ? kFirstLevel + *found : kRare;
}

}  // namespace millrace
