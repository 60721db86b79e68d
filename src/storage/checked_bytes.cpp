#include "storage/checked_bytes.hpp"

#include <algorithm>
#include <array>

#include "base/digest.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

// Small enough that reading some rows reads little besides; the checks are a two-thousandth of the bytes.
constexpr std::uint64_t kPieceBytes = std::uint64_t{16} << 10U;
// Compared while still in the cache.
constexpr std::uint64_t kBytesAtOnce = std::uint64_t{256} << 10U;

std::string_view view_of(std::span<const char> bytes) {
  return {bytes.data(), bytes.size()};
}

// Whole pieces from byte `first` on, which begins one; the last may be the end.
void read_pieces(const ReadableFile& file, const CheckedBytes& bytes, std::uint64_t first,
                 std::span<char> to) {
  if (file.read_at(bytes.offset + first, to) != to.size()) {
    throw Error(Topic::kDamagedFile, "it ends within bytes {} to {} of '{}'", first, first + to.size() - 1,
                bytes.name);
  }
  for (std::uint64_t at = 0; at < to.size(); at += kPieceBytes) {
    const auto piece = to.subspan(at, std::min(kPieceBytes, to.size() - at));
    if (xxh3(view_of(piece)) == bytes.checks[(first + at) / kPieceBytes]) continue;
    throw Error(Topic::kDamagedFile, "bytes {} to {} of '{}' are not those that were written", first + at,
                first + at + piece.size() - 1, bytes.name);
  }
}

// Part of the piece that byte `first` lies in; returns how much of `to` that gave.
std::size_t read_part(const ReadableFile& file, const CheckedBytes& bytes, std::uint64_t first,
                      std::span<char> to) {
  std::array<char, kPieceBytes> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): read into
  const std::uint64_t begin = first - first % kPieceBytes;
  const auto piece = std::span(buffer).first(std::min(kPieceBytes, bytes.size - begin));
  read_pieces(file, bytes, begin, piece);
  const std::size_t size = std::min(to.size(), piece.size() - (first - begin));
  std::copy_n(piece.begin() + static_cast<std::ptrdiff_t>(first - begin), size, to.begin());
  return size;
}

}  // namespace

std::vector<std::uint64_t> checks_of(std::string_view bytes) {
  std::vector<std::uint64_t> checks;
  checks.reserve(check_count(bytes.size()));
  for (std::uint64_t at = 0; at < bytes.size(); at += kPieceBytes)
    checks.push_back(xxh3(bytes.substr(at, kPieceBytes)));
  return checks;
}

std::uint64_t check_count(std::uint64_t bytes) {
  return bytes / kPieceBytes + (bytes % kPieceBytes == 0 ? 0 : 1);
}

void read_checked(const ReadableFile& file, const CheckedBytes& bytes, std::uint64_t first,
                  std::span<char> to) {
  while (!to.empty()) {
    const std::uint64_t left = bytes.size - first;
    const bool whole = first % kPieceBytes == 0 && to.size() >= std::min(kPieceBytes, left);
    std::uint64_t size = std::min<std::uint64_t>({to.size(), kBytesAtOnce, left});
    if (!whole) {
      size = read_part(file, bytes, first, to);
    } else {
      if (size < left) size -= size % kPieceBytes;
      read_pieces(file, bytes, first, to.first(size));
    }
    first += size;
    to = to.subspan(size);
  }
}

}  // namespace millrace
