#include "ingestion/csv_reader.hpp"

#include <algorithm>
#include <cstring>

#include <experimental/simd>

#include "base/error.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

namespace stdx = std::experimental;
using Bytes = stdx::native_simd<char>;

constexpr std::size_t kSentinel = 1 + Bytes::size();  // a line end, and what a vector may read behind it
constexpr std::size_t kKeptOfLongRecord = 256;
constexpr std::uint64_t kTailBytes = 64 << 10;  // read past the range's end at least, to finish a record

Error never_closed(const std::string& file, std::uint64_t line) {
  return Error(
      Topic::kUnclosedQuote,
      "'{}' line {}: the quote that opens here is never closed, so everything behind it would be lost; close "
      "it, or set data.quote to another character (empty: nothing is quoted)",
      file, line);
}

// What the byte order mark at the beginning of `text` says, unless it is UTF-8's.
const char* other_encoding(std::string_view text) {
  using namespace std::string_view_literals;
  if (text.starts_with("\xff\xfe\0\0"sv) || text.starts_with("\0\0\xfe\xff"sv)) return "UTF-32";
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) return "UTF-16";
  return nullptr;
}

}  // namespace

CsvReader::CsvReader(const ReadableFile& file, const CsvDialect& dialect, const CsvRange& range,
                     std::uint64_t block_bytes)
    : file_(&file),
      dialect_(&dialect),
      end_(std::min(range.end, file.size())),
      block_bytes_(std::max<std::uint64_t>(block_bytes, 1)),
      buffer_(kContext + kSentinel, '\n'),
      first_offset_(range.begin - kContext),
      line_(range.line) {
  if (range.begin >= end_) {
    exhausted_ = true;
  } else if (range.begin == 0) {
    skip_byte_order_mark();
  } else {
    if (file.read_at(range.begin - 1, std::span(buffer_).first(1)) != 1) {
      throw Error(Topic::kFileChanged, "'{}' became shorter while it was read", file.path());
    }
    skip_partial_record(range.state);
  }
}

bool CsvReader::next(CsvRecord& record) {
  if (exhausted_ || !skip_blank_lines()) return false;
  record.offset = offset(cursor_);
  record.line = line_;
  while (!split(record)) {
    if (filled_ - cursor_ > block_bytes_) {
      skip_long_record(record);
      return true;
    }
    fill();
  }
  return true;
}

// Moves what is not consumed to the buffer's front and reads on behind it. False at the file's end.
bool CsvReader::fill() {
  const std::size_t kept_from = cursor_ - kContext;
  std::memmove(buffer_.data(), buffer_.data() + kept_from, filled_ - kept_from);
  first_offset_ += kept_from;
  cursor_ = kContext;
  filled_ -= kept_from;
  const std::uint64_t from = offset(filled_);
  const std::uint64_t wanted =
      from < end_ ? end_ - from : std::max<std::uint64_t>(kTailBytes, filled_ - cursor_);
  const std::size_t size = std::min({wanted, block_bytes_, file_->size() - from});
  if (buffer_.size() < filled_ + size + kSentinel) buffer_.resize(filled_ + size + kSentinel);
  if (file_->read_at(from, std::span(buffer_).subspan(filled_, size)) != size) {
    throw Error(Topic::kFileChanged, "'{}' became shorter while it was read", file_->path());
  }
  filled_ += size;
  buffer_[filled_] = '\n';
  at_file_end_ = from + size == file_->size();
  return size > 0;
}

void CsvReader::skip_byte_order_mark() {
  while (filled_ < kContext + 4 && fill()) {
  }
  const std::string_view text(buffer_.data() + kContext, filled_ - kContext);
  if (const char* encoding = other_encoding(text)) {
    throw Error(Topic::kWrongEncoding,
                "'{}' is {}; only UTF-8 is read: convert it first (iconv -f {} -t UTF-8)", file_->name(),
                encoding, encoding);
  }
  if (!text.starts_with("\xef\xbb\xbf")) return;
  cursor_ += 3;
  buffer_[cursor_ - 1] = '\n';  // what the first field begins behind
}

void CsvReader::skip_partial_record(QuoteState state) {
  RecordEndFinder finder(*dialect_, state, buffer_[0], line_);
  if (state == QuoteState::kOutside && is_line_break(buffer_[0])) return;
  while (fill()) {
    const std::size_t found = finder.find({buffer_.data() + cursor_, filled_ - cursor_});
    cursor_ = found == std::string_view::npos ? filled_ : cursor_ + found;
    line_ = finder.line();
    if (found != std::string_view::npos) return;
    if (offset(cursor_) >= end_) break;
  }
  exhausted_ = true;
}

bool CsvReader::skip_blank_lines() {
  while (offset(cursor_) < end_) {
    if (cursor_ == filled_ && !fill()) return false;
    const char c = buffer_[cursor_];
    if (!is_line_break(c)) return true;
    line_ += count_line_breaks(buffer_[cursor_ - 1], {&c, 1});
    ++cursor_;
  }
  return false;
}

// Splits the record at the cursor into fields and moves behind it. False, with nothing consumed, where the
// buffer ends before the record or the record is longer than a block.
bool CsvReader::split(CsvRecord& record) {
  const char* const begin = buffer_.data() + cursor_;
  const char* const end = buffer_.data() + filled_;
  record.fields.clear();
  record.fault = RecordFault::kNone;
  scratch_.clear();
  unescaped_.clear();
  breaks_ = 0;
  const char* p = begin;
  for (;; ++p) {
    const bool quoted = dialect_->has_quote() && p != end && *p == dialect_->quote;
    p = quoted ? take_quoted(p, record) : take_plain(p, record);
    if (p == nullptr || (p == end && !at_file_end_)) return false;
    if (p == end || *p != dialect_->delimiter) break;
  }
  if (static_cast<std::uint64_t>(p - begin) > block_bytes_) return false;
  record.text = {begin, p};
  attach_unescaped(record);
  cursor_ += record.text.size();
  line_ += breaks_;
  return true;
}

// The first delimiter or line break from `p` on; there is one, as the sentinel is a line break. A vector at a
// time: most fields are shorter than one, and a loop over bytes would be mispredicted at the end of each.
const char* CsvReader::field_end(const char* p) const {
  for (;; p += Bytes::size()) {
    const Bytes bytes(p, stdx::element_aligned);
    const auto ends = bytes == dialect_->delimiter || bytes == '\n' || bytes == '\r';
    if (stdx::any_of(ends)) return p + stdx::find_first_set(ends);
  }
}

const char* CsvReader::take_plain(const char* p, CsvRecord& record) const {
  const char* const start = p;
  p = field_end(p);
  record.fields.emplace_back(start, p);
  return p;
}

// From the opening quote to behind the field; nullptr where its end is not in the buffer yet.
const char* CsvReader::take_quoted(const char* p, CsvRecord& record) {
  const char* const end = buffer_.data() + filled_;
  const char* const start = p + 1;
  bool doubled = false;
  for (p = start;; p += 2) {
    p = static_cast<const char*>(std::memchr(p, dialect_->quote, static_cast<std::size_t>(end - p)));
    if (p == nullptr && at_file_end_) {
      throw never_closed(file_->name(),
                         line_ + count_line_breaks(buffer_[cursor_ - 1], {buffer_.data() + cursor_, start}));
    }
    if (p == nullptr || (p + 1 == end && !at_file_end_)) return nullptr;
    if (p + 1 == end || p[1] != dialect_->quote) break;
    doubled = true;
  }
  const std::string_view content(start, p);
  breaks_ += count_line_breaks(dialect_->quote, content);
  if (doubled) keep_unescaped(record.fields.size(), content);
  record.fields.push_back(content);
  ++p;
  const char* const field_stop = field_end(p);
  if (field_stop != p) record.fault = RecordFault::kQuote;
  return field_stop;
}

void CsvReader::keep_unescaped(std::size_t field, std::string_view escaped) {
  const std::size_t start = scratch_.size();
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    scratch_ += escaped[i];
    if (escaped[i] == dialect_->quote) ++i;  // its twin
  }
  unescaped_.push_back({field, start, scratch_.size() - start});
}

// Only now: the scratch buffer may have moved while it grew.
void CsvReader::attach_unescaped(CsvRecord& record) const {
  for (const Unescaped& piece : unescaped_) {
    record.fields[piece.field] = std::string_view(scratch_).substr(piece.start, piece.length);
  }
}

void CsvReader::skip_long_record(CsvRecord& record) {
  record.fault = RecordFault::kTooLong;
  record.fields.clear();
  scratch_.assign(buffer_.data() + cursor_, std::min(kKeptOfLongRecord, filled_ - cursor_));
  record.text = scratch_;
  RecordEndFinder finder(*dialect_, QuoteState::kOutside, '\n', line_);
  do {
    const std::size_t found = finder.find({buffer_.data() + cursor_, filled_ - cursor_});
    cursor_ = found == std::string_view::npos ? filled_ : cursor_ + found;
    line_ = finder.line();
    if (found != std::string_view::npos) return;
  } while (fill());
  if (finder.in_quotes()) throw never_closed(file_->name(), finder.opened_line());
}

}  // namespace millrace
