#include "load/response_scanner.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace millrace::load {

namespace {

constexpr std::string_view kEnd = "\r\n\r\n";
constexpr std::size_t kHeaderLimit = 65536;
constexpr std::size_t kKeptBody = 4096;

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  return std::ranges::equal(text, lower,
                            [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

}  // namespace

void ResponseScanner::reset() {
  header_.clear();
  in_body_ = closes_ = has_length_ = false;
  status_ = 0;
  missing_ = 0;
  body_.clear();
}

ResponseScanner::State ResponseScanner::feed(std::string_view bytes) {
  if (in_body_) return take_body(bytes);
  if (header_.empty()) {  // an answer mostly comes whole: then nothing is copied
    const auto end = bytes.find(kEnd);
    if (end != std::string_view::npos)
      return scan_header(bytes.substr(0, end), bytes.substr(end + kEnd.size()));
  }
  const std::size_t from = header_.size() < kEnd.size() ? 0 : header_.size() - kEnd.size();
  header_ += bytes;
  const auto end = header_.find(kEnd, from);
  if (end != std::string::npos)
    return scan_header(std::string_view(header_).substr(0, end),
                       std::string_view(header_).substr(end + kEnd.size()));
  return header_.size() > kHeaderLimit ? refuse("its header has no end") : State::kIncomplete;
}

ResponseScanner::State ResponseScanner::scan_header(std::string_view header, std::string_view rest) {
  const auto line_of = [&] {
    const auto end = std::min(header.find("\r\n"), header.size());
    const std::string_view line = header.substr(0, end);
    header.remove_prefix(std::min(end + 2, header.size()));
    return line;
  };
  if (!scan_status(line_of())) return refuse("it does not begin with an HTTP/1.x status");
  while (!header.empty()) {
    if (!scan_field(line_of())) return refuse("its Content-Length is no number");
  }
  if (!has_length_ && status_ != 204 && status_ != 304) return refuse("it has no Content-Length");
  in_body_ = true;
  return take_body(rest);
}

bool ResponseScanner::scan_status(std::string_view line) {
  if (line.size() < 12 || !line.starts_with("HTTP/1.") || line[8] != ' ') return false;
  closes_ = line[7] == '0';
  const auto [end, failure] = std::from_chars(line.data() + 9, line.data() + 12, status_);
  return failure == std::errc() && end == line.data() + 12 && status_ >= 200;
}

// False where the field is one that matters and makes no sense.
bool ResponseScanner::scan_field(std::string_view line) {
  const auto colon = std::min(line.find(':'), line.size());
  const std::string_view name = line.substr(0, colon);
  if (equals_ignoring_case(name, "content-length")) {
    const std::string_view value = trim(line.substr(std::min(colon + 1, line.size())));
    const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), missing_);
    has_length_ = failure == std::errc() && end == value.data() + value.size();
    return has_length_;
  }
  if (equals_ignoring_case(name, "connection")) {
    closes_ = equals_ignoring_case(trim(line.substr(std::min(colon + 1, line.size()))), "close");
  }
  return true;
}

ResponseScanner::State ResponseScanner::take_body(std::string_view bytes) {
  if (bytes.size() > missing_) return refuse("more than one answer came to one request");
  if (!is_success()) body_ += bytes.substr(0, kKeptBody - std::min(kKeptBody, body_.size()));
  missing_ -= bytes.size();
  return missing_ == 0 ? State::kComplete : State::kIncomplete;
}

ResponseScanner::State ResponseScanner::refuse(const char* complaint) {
  complaint_ = complaint;
  return State::kMalformed;
}

}  // namespace millrace::load
