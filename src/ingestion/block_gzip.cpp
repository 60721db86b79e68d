#include "ingestion/block_gzip.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "ingestion/gzip.hpp"
#include "ingestion/write_at.hpp"

namespace millrace {

namespace {

constexpr std::size_t kFixedHeader = 12;  // up to the extra field
constexpr std::size_t kLargestHeader = 64;
constexpr std::size_t kTrailerSize = 4;  // the last bytes of a member: its text's size

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte)
    value = value << 8U | static_cast<unsigned char>(*byte);
  return value;
}

// What a member's first bytes say its size is: the extra subfield "BC" has it, less 1.
std::optional<std::uint64_t> member_size(std::string_view bytes) {
  constexpr std::string_view kBegin("\x1f\x8b\x08\x04", 4);  // gzip, deflate, nothing but an extra field
  if (bytes.size() < kFixedHeader || !bytes.starts_with(kBegin)) return std::nullopt;
  const std::uint64_t length = little_endian(bytes.substr(10, 2));
  std::string_view extra = bytes.substr(kFixedHeader);
  if (extra.size() < length) return std::nullopt;
  extra = extra.substr(0, length);
  while (extra.size() >= 4) {
    const std::uint64_t size = little_endian(extra.substr(2, 2));
    if (extra.size() < 4 + size) return std::nullopt;
    if (extra.starts_with("BC") && size == 2) return little_endian(extra.substr(4, 2)) + 1;
    extra.remove_prefix(4 + size);
  }
  return std::nullopt;
}

// The trailer of one member and the header of the next are read at once.
class MemberWalk {
 public:
  explicit MemberWalk(const ReadableFile& file) : file_(file) { look_at(0, 0); }

  // False behind the last member, and where something else comes.
  bool next() {
    const auto size = member_size(header_);
    const std::uint64_t begin = end_;
    if (!size || *size < kFixedHeader + kTrailerSize || begin + *size > file_.size()) return false;
    end_ = begin + *size;
    text_bytes_ = look_at(end_ - kTrailerSize, kTrailerSize);
    return true;
  }
  [[nodiscard]] std::uint64_t end() const { return end_; }
  [[nodiscard]] std::uint64_t text_bytes() const { return text_bytes_; }

 private:
  // What the `number` bytes at `offset` say; behind them the next header begins.
  std::uint64_t look_at(std::uint64_t offset, std::size_t number) {
    const std::string_view found(bytes_.data(), file_.read_at(offset, bytes_));
    header_ = found.substr(std::min(number, found.size()));
    return little_endian(found.substr(0, number));
  }

  const ReadableFile& file_;
  std::array<char, kTrailerSize + kLargestHeader> bytes_{};
  std::string_view header_;
  std::uint64_t end_ = 0;
  std::uint64_t text_bytes_ = 0;
};

}  // namespace

void to_json(Json& json, const GzipStretch& stretch) {
  json = {stretch.begin, stretch.end, stretch.text_begin, stretch.text_bytes};
}
void from_json(const Json& json, GzipStretch& stretch) {
  stretch = {json[0], json[1], json[2], json[3]};
}

std::vector<GzipStretch> gzip_stretches(const ReadableFile& file, std::uint64_t text_bytes) {
  std::vector<GzipStretch> stretches;
  GzipStretch stretch;
  MemberWalk walk(file);
  while (walk.next()) {
    stretch.end = walk.end();
    stretch.text_bytes += walk.text_bytes();
    if (stretch.text_bytes < text_bytes && stretch.end < file.size()) continue;
    stretches.push_back(stretch);
    stretch = {stretch.end, stretch.end, stretch.text_begin + stretch.text_bytes, 0};
  }
  if (walk.end() < file.size()) return {};
  return stretches;
}

void unpack_stretch(const ReadableFile& file, const GzipStretch& stretch, int to, const std::string& path) {
  const auto unpacker = gzip_unpacker(file, stretch.begin, stretch.end);
  std::uint64_t at = stretch.text_begin;
  for (std::string_view text = unpacker->read(); !text.empty(); text = unpacker->read()) {
    with_context("unpacking '" + file.path() + "'", [&] { write_at(to, text, at, path); });
    at += text.size();
  }
}

}  // namespace millrace
