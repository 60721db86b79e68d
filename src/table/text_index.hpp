// Where in a list of texts a text stands.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "table/padded_text.hpp"
#include "table/text_list.hpp"

namespace millrace {

// A text as two words and its length. Texts of up to 16 bytes are equal where these are; longer ones are told
// by a hash, and their bytes must be compared.
struct TextKey {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  std::uint32_t size = 0;

  static constexpr std::size_t kWhole = 16;
  [[nodiscard]] bool is_whole() const { return size <= kWhole; }
  friend bool operator==(const TextKey&, const TextKey&) = default;
};

inline std::uint64_t multiplied(std::uint64_t a, std::uint64_t b) {
  __extension__ using Product = unsigned __int128;
  const auto product = static_cast<Product>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

// Of a text of more than 16 bytes. Up to 32 its first and last ones are all that it has.
inline TextKey hashed_key(std::string_view text) {
  if (text.size() > 32)
    return {xxh3(text), 0, static_cast<std::uint32_t>(std::min<std::size_t>(text.size(), UINT32_MAX))};
  const PaddedText first(text);
  const PaddedText last(text.substr(text.size() - 16));
  return {multiplied(first.word(0) ^ 0x9e3779b97f4a7c15U, last.word(8)),
          multiplied(first.word(8) ^ 0xbf58476d1ce4e5b9U, last.word(0)),
          static_cast<std::uint32_t>(text.size())};
}

inline TextKey key_of(const PaddedText& text) {
  const std::size_t size = text.size();
  if (size > TextKey::kWhole) return hashed_key(text);
  return {low_bytes(text.word(0), size), low_bytes(text.word(8), size <= 8 ? 0 : size - 8),
          static_cast<std::uint32_t>(size)};
}

inline TextKey key_of(std::string_view text) {
  if (text.size() > TextKey::kWhole) return hashed_key(text);
  std::array<char, kPadding> padded{};
  std::copy(text.begin(), text.end(), padded.begin());
  return key_of(PaddedText({padded.data(), text.size()}));
}

// Each bit of the key bears on each of the hash: rounds of SplitMix64's finalizer (number_counts.hpp) over
// both words.
inline std::uint32_t hash_of(const TextKey& key) {
  std::uint64_t bits = key.low ^ key.size;
  bits = (bits ^ (bits >> 32U)) * 0xbf58476d1ce4e5b9U;
  bits ^= key.high;
  bits = (bits ^ (bits >> 32U)) * 0x94d049bb133111ebU;
  return static_cast<std::uint32_t>(bits ^ (bits >> 32U));
}

// Open addressing over codes: texts live in the dictionary alone, and a lookup by string_view allocates
// nothing. Slots are small, since among many texts each one is a cache miss; keys are looked at where hashes
// are equal.
class TextIndex {
 public:
  static constexpr std::int32_t kFree = -1;
  struct Slot {
    std::uint32_t hash = 0;
    std::int32_t code = kFree;
  };

  // The slot that holds the text, or the free one where it belongs.
  Slot& find(std::string_view text, const TextKey& key, std::uint32_t hash, const TextList& dictionary) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = hash & mask;
    while (slots_[i].code != kFree &&
           (slots_[i].hash != hash || !holds(slots_[i].code, text, key, dictionary))) {
      i = (i + 1) & mask;
    }
    return slots_[i];
  }

  // `slot` is the free one that find() gave; codes ascend.
  void add(const TextKey& key, Slot with, Slot& slot) {
    keys_.push_back(key);
    slot = with;
    make_room(keys_.size());
  }

  void prefetch(std::uint32_t hash) const { __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]); }

 private:
  // Up to so many slots there may be many for each text: what stands in another's slot is a surprise to the
  // processor each time.
  static constexpr std::size_t kSmall = 4096;

  [[nodiscard]] bool holds(std::int32_t code, std::string_view text, const TextKey& key,
                           const TextList& dictionary) const {
    const auto at = static_cast<std::size_t>(code);
    return keys_[at] == key && (key.is_whole() || dictionary[at] == text);
  }

  void place(Slot slot) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = slot.hash & mask;
    while (slots_[i].code != kFree) i = (i + 1) & mask;
    slots_[i] = slot;
  }

  void make_room(std::size_t texts) {
    const std::size_t wanted = std::max(2 * texts, std::min(64 * texts, kSmall));
    if (wanted < slots_.size()) return;
    std::size_t size = slots_.size();
    while (wanted >= size) size *= 2;
    const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(size));
    for (const Slot& slot : old) {
      if (slot.code != kFree) place(slot);
    }
  }

  std::vector<Slot> slots_ = std::vector<Slot>(64);  // a power of two, at most half full
  std::vector<TextKey> keys_;                        // by code
};

}  // namespace millrace
