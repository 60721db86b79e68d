#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "table/column.hpp"
#include "table/text_index.hpp"

namespace millrace {

namespace {

// So many different texts among hardly more values, and looking for them is given up.
constexpr std::size_t kManyTexts = 16384;
constexpr std::size_t kAhead = 8;  // so many texts ahead the index is fetched into the cache

bool mostly_different(std::size_t texts, std::size_t values) {
  return texts >= kManyTexts && values >= texts && values - texts <= texts / 16;
}

std::size_t present_rows(const Column& column) {
  return static_cast<std::size_t>(std::ranges::count(column.valid, 1));
}

void require_codes(std::size_t texts) {
  if (texts <= std::numeric_limits<std::int32_t>::max()) return;
  throw resource_error("a text column holds more than 2^31 different values in one shard");
}

}  // namespace

TextAppender::TextAppender(Column& column)
    : column_(&column), values_(present_rows(column)), index_(std::make_unique<TextIndex>()) {
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
  ++values_;
  return index_ ? find_or_add(text, key_of(text)) : add(text);
}

std::int32_t TextAppender::code_of(const PaddedText& text) {
  ++values_;
  return index_ ? find_or_add(text, key_of(text)) : add(text);
}

std::int32_t TextAppender::add(std::string_view text) {
  TextList& dictionary = column_->dictionary;
  require_codes(dictionary.size() + 1);
  dictionary.push_back(text);
  return static_cast<std::int32_t>(dictionary.size() - 1);
}

std::int32_t TextAppender::find_or_add(std::string_view text, const TextKey& key) {
  const std::uint32_t hash = hash_of(key);
  TextIndex::Slot& slot = index_->find(text, key, hash, column_->dictionary);
  if (slot.code != TextIndex::kFree) return slot.code;
  const std::int32_t code = add(text);
  index_->add(key, {hash, code}, slot);
  if (mostly_different(column_->dictionary.size(), values_)) index_.reset();
  return code;
}

void TextAppender::append(std::string_view text) {
  column_->codes.push_back(code_of(text));
  column_->valid.push_back(1);
}

// All texts of another dictionary, behind ours.
std::vector<std::int32_t> TextAppender::add_all(const TextList& texts) {
  const std::size_t first = column_->dictionary.size();
  require_codes(first + texts.size());
  column_->dictionary.append(texts);
  std::vector<std::int32_t> codes(texts.size());
  std::iota(codes.begin(), codes.end(), static_cast<std::int32_t>(first));
  return codes;
}

// The codes of all texts of another dictionary.
std::vector<std::int32_t> TextAppender::codes_of(const TextList& texts) {
  if (!index_) return add_all(texts);
  std::vector<std::int32_t> codes;
  codes.reserve(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (index_ && i + kAhead < texts.size()) index_->prefetch(hash_of(key_of(texts[i + kAhead])));
    codes.push_back(index_ ? find_or_add(texts[i], key_of(texts[i])) : add(texts[i]));
  }
  return codes;
}

void TextAppender::append(const Column& other) {
  const std::size_t present = present_rows(other);
  values_ += present;
  if (mostly_different(other.dictionary.size(), present)) index_.reset();
  const std::vector<std::int32_t> codes = codes_of(other.dictionary);
  const std::size_t first = column_->codes.size();
  column_->codes.resize(first + other.size());
  for (std::size_t row = 0; row < other.size() && present > 0; ++row) {
    column_->codes[first + row] = codes[static_cast<std::size_t>(other.codes[row])] * other.valid[row];
  }
  column_->valid.insert(column_->valid.end(), other.valid.begin(), other.valid.end());
}

}  // namespace millrace
