#include "net/request_reader.hpp"

#include <algorithm>
#include <cstring>
#include <functional>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/verb.hpp>

namespace millrace {

namespace {

namespace http = boost::beast::http;

constexpr std::size_t kFewBytes = 4096;         // of input: what most requests need
constexpr std::size_t kManyBytes = 65536;       // for a body that arrives
constexpr std::size_t kIdleInputBytes = 16384;  // of input that an idle connection may hold on to
constexpr std::size_t kIdleBodyBytes = 65536;

}  // namespace

RequestReader::RequestReader(std::size_t header_limit, std::uint64_t body_limit)
    : header_limit_(header_limit), body_limit_(body_limit), buffer_(kFewBytes) {
  next();
}

void RequestReader::next() {
  begin_ = parsed_;
  taken_ = 0;
  fields_.clear();
  body_.clear();
  method_ = target_ = expect_ = {};
  head_ = old_ = false;
  parser_.emplace(*this);
  // It is given bytes of earlier fields again and again, so that its own limit does not hold for their sum.
  parser_->header_limit(static_cast<std::uint32_t>(header_limit_));
  parser_->body_limit(body_limit_);
  if (body_.capacity() > kIdleBodyBytes) std::string().swap(body_);
  if (!empty()) return;
  begin_ = parsed_ = end_ = 0;
  if (buffer_.size() > kIdleInputBytes) std::vector<char>(kFewBytes).swap(buffer_);
}

std::span<char> RequestReader::room() {
  compact();
  const std::size_t wanted = has_body() ? kManyBytes : kFewBytes;
  if (buffer_.size() - end_ < kFewBytes / 4) buffer_.resize(std::max(wanted, 2 * buffer_.size()));
  return {buffer_.data() + end_, buffer_.size() - end_};
}

// To the buffer's begin, or, while a body arrives, to its header's end.
void RequestReader::compact() {
  const std::size_t from = has_header() ? parsed_ : begin_;
  const std::size_t to = has_header() ? header_end_ : 0;
  std::memmove(buffer_.data() + to, buffer_.data() + from, end_ - from);
  if (!has_header()) begin_ = 0;
  parsed_ -= from - to;
  end_ -= from - to;
}

RequestReader::Progress RequestReader::advance(ErrorCode& failure) {
  const bool had_header = has_header();
  failure = {};
  while (!parser_->is_done() && take(failure)) {
    if (!had_header && has_header()) {
      header_end_ = parsed_;
      header_bytes_ = taken_;
      if (taken_ > header_limit_) failure = http::error::header_limit;
      return Progress::kHeader;
    }
  }
  return !failure && parser_->is_done() ? Progress::kWhole : Progress::kMore;
}

// One step of the parser; false where it needs more bytes, or has failed.
bool RequestReader::take(ErrorCode& failure) {
  if (parsed_ == end_) return false;
  const auto size = parser_->put({buffer_.data() + parsed_, end_ - parsed_}, failure);
  parsed_ += size;
  taken_ += size;
  const bool more = failure == http::error::need_more;
  if (more) failure = {};
  // A header's fields are taken one by one; a chunk's extensions and trailers have no limit of their own.
  const std::size_t waiting = end_ - parsed_;
  if (more && (has_header() ? waiting : taken_ + waiting) > header_limit_)
    failure = http::error::header_limit;
  return !failure && !more;
}

HttpRequest RequestReader::request() {
  headers_.clear();
  for (const Field& field : fields_) headers_.emplace_back(text_of(field.name), text_of(field.value));
  return {.method = head_ ? "GET" : text_of(method_),
          .target = text_of(target_),
          .body = body_,
          .headers = headers_};
}

// A value over several lines ("obs-fold", RFC 9112, section 5.2) has been copied together, elsewhere than in
// the buffer, unless all of it stands on the second line.
bool RequestReader::on_one_line(boost::beast::string_view name, boost::beast::string_view value) const {
  const char* const name_end = name.data() + name.size();
  const std::less_equal<> ordered;
  const bool held = ordered(name_end, value.data()) && ordered(value.data(), buffer_.data() + end_);
  return held && std::find(name_end, value.data(), '\n') == value.data();
}

RequestReader::Slice RequestReader::slice_of(boost::beast::string_view text) const {
  return {static_cast<std::size_t>(text.data() - buffer_.data()) - begin_, text.size()};
}

void RequestReader::Parser::on_request_impl(http::verb method, View text, View target, int version,
                                            ErrorCode&) {
  reader_.method_ = reader_.slice_of(text);
  reader_.target_ = reader_.slice_of(target);
  reader_.head_ = method == http::verb::head;
  reader_.old_ = version == 10;
}

// A body in a coding that is not understood ends who knows where (RFC 9112, section 6.1).
void RequestReader::Parser::on_field_impl(http::field name, View text, View value, ErrorCode& failure) {
  if (is_header_done()) return;  // a trailer
  if (!value.empty() && !reader_.on_one_line(text, value)) failure = http::error::bad_value;
  if (name == http::field::transfer_encoding && !boost::beast::iequals(value, "chunked"))
    failure = http::error::bad_transfer_encoding;
  if (failure) return;
  const Slice where = value.empty() ? Slice{} : reader_.slice_of(value);
  if (name == http::field::expect) reader_.expect_ = where;
  reader_.fields_.push_back({reader_.slice_of(text), where});
}

void RequestReader::Parser::on_body_init_impl(const Length& length, ErrorCode&) {
  if (length) reader_.body_.reserve(std::min<std::uint64_t>(*length + kSpareBodyBytes, kIdleBodyBytes));
}

std::size_t RequestReader::Parser::on_body_impl(View piece, ErrorCode&) {
  reader_.append(piece);
  return piece.size();
}

std::size_t RequestReader::Parser::on_chunk_body_impl(std::uint64_t, View piece, ErrorCode&) {
  reader_.append(piece);
  return piece.size();
}

void RequestReader::Parser::on_finish_impl(ErrorCode&) {
  reader_.body_.reserve(reader_.body_.size() + kSpareBodyBytes);
}

}  // namespace millrace
