#include <limits>
#include <utility>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "table/column.hpp"

namespace millrace {

// Open addressing over codes: texts live in the dictionary alone, and a lookup by string_view allocates
// nothing. Half the hash is kept beside each code, so that a text is hardly ever compared in vain.
struct TextAppender::Index {
  static constexpr std::int32_t kFree = -1;
  struct Slot {
    std::uint32_t hash = 0;
    std::int32_t code = kFree;
  };
  std::vector<Slot> slots = std::vector<Slot>(64);  // a power of two, at most half full

  // The slot that holds `text`, or the free one where it belongs.
  Slot& find(std::string_view text, std::uint32_t hash, const std::vector<std::string>& dictionary) {
    const std::size_t mask = slots.size() - 1;
    std::size_t i = hash & mask;
    while (slots[i].code != kFree &&
           (slots[i].hash != hash || dictionary[static_cast<std::size_t>(slots[i].code)] != text)) {
      i = (i + 1) & mask;
    }
    return slots[i];
  }

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

namespace {

std::uint32_t text_hash(std::string_view text) {
  return static_cast<std::uint32_t>(xxh3(text));
}

}  // namespace

TextAppender::TextAppender(Column& column) : column_(&column), index_(std::make_unique<Index>()) {
  index_->make_room(column.dictionary.size());
  std::int32_t code = 0;
  for (const std::string& text : column.dictionary) index_->place({text_hash(text), code++});
}
TextAppender::~TextAppender() = default;
TextAppender::TextAppender(TextAppender&&) noexcept = default;

// Of a text that may be new.
std::int32_t TextAppender::code_of(std::string_view text) {
  std::vector<std::string>& dictionary = column_->dictionary;
  const std::uint32_t hash = text_hash(text);
  Index::Slot& slot = index_->find(text, hash, dictionary);
  if (slot.code != Index::kFree) return slot.code;
  if (dictionary.size() == std::numeric_limits<std::int32_t>::max()) {
    throw resource_error("a text column holds more than 2^31 different values in one shard");
  }
  const auto code = static_cast<std::int32_t>(dictionary.size());
  slot = {hash, code};
  dictionary.emplace_back(text);
  index_->make_room(dictionary.size());
  return code;
}

void TextAppender::append(std::string_view text) {
  column_->codes.push_back(code_of(text));
  column_->valid.push_back(1);
}

void TextAppender::append(const Column& other) {
  std::vector<std::int32_t> codes;
  codes.reserve(other.dictionary.size());
  for (const std::string& text : other.dictionary) codes.push_back(code_of(text));
  for (std::size_t row = 0; row < other.size(); ++row) {
    column_->codes.push_back(other.is_valid(row) ? codes[static_cast<std::size_t>(other.codes[row])] : 0);
  }
  column_->valid.insert(column_->valid.end(), other.valid.begin(), other.valid.end());
}

}  // namespace millrace
