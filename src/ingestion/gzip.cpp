#include "ingestion/gzip.hpp"

#include <algorithm>
#include <new>
#include <span>
#include <vector>

#include <zlib.h>

#include "base/error.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::size_t kInflateBytes = std::size_t{1} << 20U;
constexpr unsigned char kFirstByte = 0x1f;
constexpr int kGzipOnly = 15 + 16;  // the largest window, and no other wrapping than gzip's (zlib.h)

// zlib's decompressor over a file, a buffer at a time.
class GzipUnpacker : public Unpacker {
 public:
  GzipUnpacker(const ReadableFile& file, std::uint64_t begin, std::uint64_t end)
      : file_(file), offset_(begin), end_(end) {
    if (inflateInit2(&stream_, kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~GzipUnpacker() override { inflateEnd(&stream_); }
  GzipUnpacker(const GzipUnpacker&) = delete;
  GzipUnpacker& operator=(const GzipUnpacker&) = delete;

  std::string_view read() override {
    stream_.next_out = reinterpret_cast<Bytef*>(text_.data());
    stream_.avail_out = static_cast<uInt>(text_.size());
    while (stream_.avail_out > 0 && (fill() || in_member_)) advance();
    return {text_.data(), text_.size() - stream_.avail_out};
  }

 private:
  // False where the range holds no more.
  bool fill() {
    if (stream_.avail_in > 0) return true;
    const std::size_t wanted = std::min<std::uint64_t>(packed_.size(), end_ - offset_);
    const std::size_t got = file_.read_at(offset_, std::span(packed_).first(wanted));
    offset_ += got;
    stream_.next_in = reinterpret_cast<Bytef*>(packed_.data());
    stream_.avail_in = static_cast<uInt>(got);
    return got > 0;
  }

  void advance() {
    if (!in_member_) begin_member();
    const int status = inflate(&stream_, Z_NO_FLUSH);
    if (status == Z_STREAM_END) {
      in_member_ = false;
    } else if (status == Z_BUF_ERROR) {  // no progress: nothing is left to read
      throw Error(Topic::kTruncatedPacking,
                  "'{}' is cut off: gzip data ends at byte {} before it is complete; get the whole file",
                  file_.path(), offset_);
    } else if (status == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (status != Z_OK) {
      throw damage();
    }
  }

  void begin_member() {
    if (*stream_.next_in != kFirstByte) {
      throw Error(Topic::kDamagedPacking,
                  "'{}' goes on behind the end of its gzip data, at byte {}, with something else: remove it",
                  file_.path(), at());
    }
    inflateReset(&stream_);
    in_member_ = true;
  }

  [[nodiscard]] std::uint64_t at() const { return offset_ - stream_.avail_in; }

  [[nodiscard]] Error damage() const {
    return Error(Topic::kDamagedPacking, "'{}' is damaged: gzip data with {} at byte {}; get it again",
                 file_.path(), stream_.msg == nullptr ? "an error" : stream_.msg, at());
  }

  const ReadableFile& file_;
  std::uint64_t offset_;  // of the first byte that has not been read from the file
  std::uint64_t end_;
  bool in_member_ = false;
  z_stream stream_{};
  std::vector<char> packed_ = std::vector<char>(kInflateBytes);
  std::vector<char> text_ = std::vector<char>(kInflateBytes);
};

}  // namespace

bool begins_gzip(std::string_view begin) {
  return begin.starts_with("\x1f\x8b");
}

std::unique_ptr<Unpacker> gzip_unpacker(const ReadableFile& file) {
  return gzip_unpacker(file, 0, file.size());
}

std::unique_ptr<Unpacker> gzip_unpacker(const ReadableFile& file, std::uint64_t begin, std::uint64_t end) {
  return std::make_unique<GzipUnpacker>(file, begin, end);
}

}  // namespace millrace
