#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "table/column.hpp"

namespace millrace {

namespace {

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

template <class Word>
std::uint64_t word_at(const char* bytes) {
  Word word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// The first and the last bytes, which overlap in texts that fill neither two words nor one.
TextKey key_of(std::string_view text) {
  const char* const bytes = text.data();
  const auto size = static_cast<std::uint32_t>(std::min<std::size_t>(text.size(), UINT32_MAX));
  if (size > TextKey::kWhole) return {xxh3(text), word_at<std::uint64_t>(bytes), size};
  if (size >= 8) return {word_at<std::uint64_t>(bytes), word_at<std::uint64_t>(bytes + size - 8), size};
  if (size >= 4) return {word_at<std::uint32_t>(bytes), word_at<std::uint32_t>(bytes + size - 4), size};
  if (size == 0) return {};
  return {word_at<std::uint8_t>(bytes) | word_at<std::uint8_t>(bytes + size / 2) << 8U,
          word_at<std::uint8_t>(bytes + size - 1), size};
}

// Each bit of the key bears on each of the hash: rounds of SplitMix64's finalizer (number_counts.hpp) over
// both words.
std::uint32_t hash_of(const TextKey& key) {
  std::uint64_t bits = key.low ^ key.size;
  bits = (bits ^ (bits >> 32U)) * 0xbf58476d1ce4e5b9U;
  bits ^= key.high;
  bits = (bits ^ (bits >> 32U)) * 0x94d049bb133111ebU;
  return static_cast<std::uint32_t>(bits ^ (bits >> 32U));
}

}  // namespace

// Open addressing over codes: texts live in the dictionary alone, and a lookup by string_view allocates
// nothing. Slots are small, since among many texts each one is a cache miss; keys are looked at where hashes
// are equal.
struct TextAppender::Index {
  static constexpr std::int32_t kFree = -1;
  struct Slot {
    std::uint32_t hash = 0;
    std::int32_t code = kFree;
  };
  std::vector<Slot> slots = std::vector<Slot>(64);  // a power of two, at most half full
  std::vector<TextKey> keys;                        // by code

  // The slot that holds the text, or the free one where it belongs.
  Slot& find(std::string_view text, const TextKey& key, std::uint32_t hash, const TextList& dictionary) {
    const std::size_t mask = slots.size() - 1;
    std::size_t i = hash & mask;
    while (slots[i].code != kFree &&
           (slots[i].hash != hash || !holds(slots[i].code, text, key, dictionary))) {
      i = (i + 1) & mask;
    }
    return slots[i];
  }

  [[nodiscard]] bool holds(std::int32_t code, std::string_view text, const TextKey& key,
                           const TextList& dictionary) const {
    const auto at = static_cast<std::size_t>(code);
    return keys[at] == key && (key.is_whole() || dictionary[at] == text);
  }

  // `slot` is the free one that find() gave.
  void add(const TextKey& key, Slot with, Slot& slot) {
    keys.push_back(key);
    slot = with;
    make_room(keys.size());
  }

 private:
  void place(Slot slot) {
    const std::size_t mask = slots.size() - 1;
    std::size_t i = slot.hash & mask;
    while (slots[i].code != kFree) i = (i + 1) & mask;
    slots[i] = slot;
  }

  void make_room(std::size_t texts) {
    if (2 * texts < slots.size()) return;
    std::size_t size = slots.size();
    while (2 * texts >= size) size *= 2;
    const std::vector<Slot> old = std::exchange(slots, std::vector<Slot>(size));
    for (const Slot& slot : old) {
      if (slot.code != kFree) place(slot);
    }
  }
};

TextAppender::TextAppender(Column& column) : column_(&column), index_(std::make_unique<Index>()) {
  std::int32_t code = 0;
  for (const std::string_view text : column.dictionary) {
    const TextKey key = key_of(text);
    const std::uint32_t hash = hash_of(key);
    index_->add(key, {hash, code++}, index_->find(text, key, hash, column.dictionary));
  }
}
TextAppender::~TextAppender() = default;
TextAppender::TextAppender(TextAppender&&) noexcept = default;

std::int32_t TextAppender::code_of(std::string_view text) {
  TextList& dictionary = column_->dictionary;
  const TextKey key = key_of(text);
  const std::uint32_t hash = hash_of(key);
  Index::Slot& slot = index_->find(text, key, hash, dictionary);
  if (slot.code != Index::kFree) return slot.code;
  if (dictionary.size() == std::numeric_limits<std::int32_t>::max()) {
    throw resource_error("a text column holds more than 2^31 different values in one shard");
  }
  const auto code = static_cast<std::int32_t>(dictionary.size());
  index_->add(key, {hash, code}, slot);
  dictionary.push_back(text);
  return code;
}

void TextAppender::prefetch(std::string_view text) const {
  __builtin_prefetch(&index_->slots[hash_of(key_of(text)) & (index_->slots.size() - 1)]);
}

void TextAppender::append(std::string_view text) {
  column_->codes.push_back(code_of(text));
  column_->valid.push_back(1);
}

void TextAppender::append(const Column& other) {
  std::vector<std::int32_t> codes;
  codes.reserve(other.dictionary.size());
  for (std::size_t i = 0; i < other.dictionary.size(); ++i) {
    if (is_large() && i + kAhead < other.dictionary.size()) prefetch(other.dictionary[i + kAhead]);
    codes.push_back(code_of(other.dictionary[i]));
  }
  for (std::size_t row = 0; row < other.size(); ++row) {
    column_->codes.push_back(other.is_valid(row) ? codes[static_cast<std::size_t>(other.codes[row])] : 0);
  }
  column_->valid.insert(column_->valid.end(), other.valid.begin(), other.valid.end());
}

}  // namespace millrace
