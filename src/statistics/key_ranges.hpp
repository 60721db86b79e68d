// Ranges of order_key(), in which values are looked for.
#pragma once

#include <cstdint>
#include <vector>

#include "base/json.hpp"

namespace millrace {

struct KeyRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;  // of the range too
};

class KeyRanges {
 public:
  // Behind those that are there; what touches the last one makes it longer.
  void add(const KeyRange& range);

  [[nodiscard]] bool empty() const { return firsts_.empty(); }
  [[nodiscard]] bool contains(std::uint64_t key) const {
    // As many steps for every key, and no branch that the processor would guess wrong.
    const std::uint64_t* at = firsts_.data();
    for (std::size_t left = firsts_.size(); left > 1;) {
      const std::size_t half = left / 2;
      at += at[half] <= key ? half : 0;
      left -= half;
    }
    return !empty() && *at <= key && key <= lasts_[static_cast<std::size_t>(at - firsts_.data())];
  }
  // Whether each of `others` lies within one of these.
  [[nodiscard]] bool cover(const KeyRanges& others) const;

  friend void to_json(Json& json, const KeyRanges& ranges);
  friend void from_json(const Json& json, KeyRanges& ranges);

 private:
  std::vector<std::uint64_t> firsts_;  // ascending
  std::vector<std::uint64_t> lasts_;
};

}  // namespace millrace
