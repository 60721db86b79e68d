// What the fields of a text column stand for, by what stands in the file: most columns repeat a few texts,
// and whether one is quoted, missing or new need not be asked each time.
#pragma once

#include <cstdint>
#include <vector>

#include "ingestion/field_reader.hpp"
#include "ingestion/plain_values.hpp"
#include "table/column.hpp"
#include "table/text_index.hpp"

namespace millrace {

class RawTexts {
 public:
  struct Meaning {
    std::int32_t code = kMissing;
    bool is_plain = true;
  };
  static constexpr std::int32_t kMissing = -1;

  Meaning of(const PaddedText& raw, FieldReader& reader, TextAppender& texts) {
    if (given_up_) return read(raw, reader, texts);
    ++seen_;
    const TextKey key = key_of(raw);
    const std::uint32_t hash = hash_of(key);
    TextIndex::Slot& slot = index_.find(raw, key, hash, raw_);
    if (slot.code != TextIndex::kFree) return meanings_[static_cast<std::size_t>(slot.code)];
    index_.add(key, {hash, static_cast<std::int32_t>(meanings_.size())}, slot);
    raw_.push_back(raw);
    meanings_.push_back(read(raw, reader, texts));
    given_up_ = meanings_.size() >= kSome && (meanings_.size() == kMost || 2 * meanings_.size() > seen_);
    return meanings_.back();
  }

 private:
  // So many different texts, or so many among less than twice as many fields, and too few are repeated.
  static constexpr std::size_t kMost = 4096;
  static constexpr std::size_t kSome = 256;

  static Meaning read(const PaddedText& raw, FieldReader& reader, TextAppender& texts) {
    PaddedText value;
    if (!reader.read(raw, value)) return {};
    return {texts.code_of(value), is_plain_word(value)};
  }

  bool given_up_ = false;
  std::size_t seen_ = 0;
  TextIndex index_;
  TextList raw_;
  std::vector<Meaning> meanings_;  // by the index's codes
};

}  // namespace millrace
