#include "ingestion/csv_reader.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "base/topics.hpp"
#include "table/padded_text.hpp"

namespace millrace {

namespace {

constexpr std::uint64_t kTailBytes = 64 << 10;  // read past the range's end at least, to finish a record
constexpr std::uint32_t kKeptOfLongRecord = 256;

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

std::uint32_t* with_room(std::vector<std::uint32_t>& positions, std::size_t size) {
  if (positions.size() < size + kScanSlack) positions.resize(size + kScanSlack);
  return positions.data();
}

}  // namespace

CsvReader::CsvReader(const ReadableFile& file, const CsvDialect& dialect, const CsvRange& range,
                     std::uint64_t longest_record, std::size_t chunk)
    : file_(&file),
      dialect_(&dialect),
      end_(std::min(range.end, file.size())),
      longest_record_(longest_record),
      chunk_(std::max<std::size_t>(chunk, 1)),
      buffer_(kContext + kPadding, '\n'),
      first_offset_(range.begin - kContext),
      line_(range.line),
      scan_{.bytes = dialect.bytes()} {
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

bool CsvReader::next(CsvBatch& batch) {
  batch.records.clear();
  while (batch.records.empty()) {
    if (offset(cursor_) >= end_) exhausted_ = true;
    if (exhausted_) return false;
    take_records(batch);
  }
  return true;
}

// Those that stand whole in the buffer; reads on where there are none.
void CsvReader::take_records(CsvBatch& batch) {
  scan(batch);
  if (at_file_end_) end_last_record();
  if (scan_.record_count > 0) {
    place_records(batch);
  } else if (unread().size() > longest_record_) {
    take_long_record(batch);
  } else {
    fill();
  }
}

// Goes on behind what has been scanned since the cursor was moved.
void CsvReader::scan(CsvBatch& batch) {
  const std::string_view text = unread();
  for (std::size_t scanned = scan_.first + scan_.size; scanned < text.size(); scanned += scan_.size) {
    scan_.first = static_cast<std::uint32_t>(scanned);
    scan_.text = text.data() + scanned;
    scan_.size = std::min(chunk_, text.size() - scanned);
    scan_.ends = with_room(batch.ends, scan_.end_count + scan_.size);
    scan_.record_ends = with_room(record_ends_, scan_.record_count + scan_.size);
    scan_.faults = with_room(faults_, scan_.fault_count + scan_.size);
    structure_kernel().scan(scan_);
  }
}

// The file's last record needs no line end. Whole records before one that never ends are taken first: what is
// wrong with them is told first.
void CsvReader::end_last_record() {
  const std::size_t size = unread().size();
  const bool has_records = scan_.record_count > 0;
  if (has_records && scan_.ends[scan_.record_ends[scan_.record_count - 1]] + 1 == size) return;
  if (is_in_quotes(scan_.state)) {
    if (has_records) return;
    throw never_closed(file_->name(), opened_line());
  }
  scan_.record_ends[scan_.record_count++] = static_cast<std::uint32_t>(scan_.end_count);
  scan_.ends[scan_.end_count++] = static_cast<std::uint32_t>(size);
}

// Of the last opening quote of the record at the cursor.
std::uint64_t CsvReader::opened_line() const {
  RecordEndFinder finder(*dialect_, QuoteState::kReady, buffer_[cursor_ - 1], line_);
  finder.find(unread());
  return finder.opened_line();
}

// The records of the scan that begin in the range, without blank lines and comments.
void CsvReader::place_records(CsvBatch& batch) {
  const std::uint32_t* fault = scan_.faults;
  const std::uint32_t* const no_fault = scan_.faults + scan_.fault_count;
  std::uint32_t begin = 0;
  std::uint32_t first = 0;
  for (std::size_t i = 0; i < scan_.record_count && offset(cursor_ + begin) < end_; ++i) {
    const std::uint32_t last = scan_.record_ends[i];
    const std::uint32_t end = scan_.ends[last];
    const bool is_faulty = fault != no_fault && *fault < end;
    while (fault != no_fault && *fault < end) ++fault;
    if (end - begin > longest_record_ && !begins_comment(begin)) {
      batch.records.push_back({begin, begin + kept_of_long_record(), first, 0, RecordFault::kTooLong});
    } else if ((end > begin || last > first) && !begins_comment(begin)) {
      batch.records.push_back(
          {begin, end, first, last - first + 1, is_faulty ? RecordFault::kQuote : RecordFault::kNone});
    }
    begin = end + 1;
    first = last + 1;
  }
  consume(batch, std::min<std::size_t>(begin, unread().size()));
}

bool CsvReader::begins_comment(std::size_t at) const {
  return dialect_->has_comment() && unread().substr(at).starts_with(dialect_->comment);
}

void CsvReader::consume(CsvBatch& batch, std::size_t size) {
  const std::string_view text = unread().substr(0, size);
  batch.text = text.data();
  batch.offset = offset(cursor_);
  batch.line = line_;
  batch.has_nul = std::memchr(text.data(), '\0', text.size()) != nullptr;
  batch.size = size;
  line_ += count_line_breaks(text.data()[-1], text);
  move_cursor(size);
}

void CsvReader::move_cursor(std::size_t by) {
  cursor_ += by;
  scan_ = {.bytes = dialect_->bytes()};
}

std::uint32_t CsvReader::kept_of_long_record() const {
  return static_cast<std::uint32_t>(std::min<std::size_t>(kKeptOfLongRecord, longest_record_));
}

// The record at the cursor, which does not end in the buffer.
void CsvReader::take_long_record(CsvBatch& batch) {
  const std::uint32_t kept = kept_of_long_record();
  batch.beginning.assign(buffer_.data() + cursor_ - kContext, kContext + kept);
  batch.beginning.append(kPadding, '\0');
  batch.offset = offset(cursor_);
  batch.line = line_;
  batch.text = batch.beginning.data() + kContext;
  batch.size = kept;
  batch.has_nul = false;
  if (!begins_comment(0)) batch.records.push_back({0, kept, 0, 0, RecordFault::kTooLong});
  RecordEndFinder finder(*dialect_, QuoteState::kReady, buffer_[cursor_ - 1], line_);
  do {
    if (skip_to_end(finder)) return;
  } while (fill());
  if (finder.in_quotes()) throw never_closed(file_->name(), finder.opened_line());
}

// Whether the record's end is in the buffer: the cursor stands there then, and otherwise behind the text.
bool CsvReader::skip_to_end(RecordEndFinder& finder) {
  const std::size_t found = finder.find(unread());
  move_cursor(std::min(found, unread().size()));
  line_ = finder.line();
  return found != std::string_view::npos;
}

// Moves what is not consumed to the buffer's front and reads on behind it; a record that does not fit doubles
// the buffer. False at the file's end.
bool CsvReader::fill() {
  const std::size_t kept = unread().size();
  std::memmove(buffer_.data(), buffer_.data() + cursor_ - kContext, kContext + kept);
  first_offset_ += cursor_ - kContext;
  cursor_ = kContext;
  filled_ = kContext + kept;
  const std::uint64_t from = offset(filled_);
  const std::uint64_t wanted = from < end_ ? end_ - from : std::max<std::uint64_t>(kTailBytes, kept);
  const std::size_t size = std::min({wanted, std::max<std::uint64_t>(chunk_, kept), file_->size() - from});
  if (buffer_.size() < filled_ + size + kPadding) buffer_.resize(filled_ + size + kPadding);
  if (file_->read_at(from, std::span(buffer_).subspan(filled_, size)) != size) {
    throw Error(Topic::kFileChanged, "'{}' became shorter while it was read", file_->path());
  }
  filled_ += size;
  at_file_end_ = from + size == file_->size();
  return size > 0;
}

void CsvReader::skip_byte_order_mark() {
  while (unread().size() < 4 && fill()) {
  }
  if (const char* encoding = other_encoding(unread())) {
    throw Error(Topic::kWrongEncoding,
                "'{}' is {}, which is not read: convert it first (iconv -f {} -t UTF-8)", file_->name(),
                encoding, encoding);
  }
  if (!unread().starts_with("\xef\xbb\xbf")) return;
  move_cursor(3);
  buffer_[cursor_ - 1] = '\n';  // what the first field begins behind
}

void CsvReader::skip_partial_record(QuoteState state) {
  if (state == QuoteState::kReady && is_line_break(buffer_[0])) return;
  RecordEndFinder finder(*dialect_, state, buffer_[0], line_);
  while (fill()) {
    if (skip_to_end(finder)) return;
    if (offset(cursor_) >= end_) break;
  }
  exhausted_ = true;
}

}  // namespace millrace
