#include "ingestion/zstd.hpp"

#include <algorithm>
#include <new>
#include <vector>

#include <zstd.h>

#include "base/error.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

// libzstd's decompressor over a file, a buffer at a time.
class ZstdUnpacker : public Unpacker {
 public:
  explicit ZstdUnpacker(const ReadableFile& file) : file_(file), stream_(ZSTD_createDStream()) {
    if (stream_ == nullptr) throw std::bad_alloc();
  }
  ~ZstdUnpacker() override { ZSTD_freeDStream(stream_); }
  ZstdUnpacker(const ZstdUnpacker&) = delete;
  ZstdUnpacker& operator=(const ZstdUnpacker&) = delete;

  std::string_view read() override {
    ZSTD_outBuffer text{text_.data(), text_.size(), 0};
    while (text.pos < text.size && (fill() || in_frame_)) advance(text);
    return {text_.data(), text.pos};
  }

 private:
  // False where the file holds no more.
  bool fill() {
    if (left_.pos < left_.size) return true;
    const std::size_t got = file_.read_at(offset_, packed_);
    offset_ += got;
    left_ = {packed_.data(), got, 0};
    return got > 0;
  }

  void advance(ZSTD_outBuffer& text) {
    if (!in_frame_) require_frame();
    const bool at_end = left_.pos == left_.size;
    const std::size_t before = text.pos;
    const std::size_t hint = ZSTD_decompressStream(stream_, &text, &left_);
    if (ZSTD_isError(hint) != 0) throw damage(ZSTD_getErrorName(hint));
    in_frame_ = hint != 0;
    if (in_frame_ && at_end && text.pos == before) {
      throw Error(Topic::kTruncatedPacking,
                  "'{}' is cut off: zstd data ends at byte {} before it is complete; get the whole file",
                  file_.path(), offset_);
    }
  }

  // libzstd would take what follows a frame for a damaged one.
  void require_frame() {
    const std::uint64_t at = this->at();
    std::array<char, 4> bytes{};
    const std::string_view begin(bytes.data(), file_.read_at(at, bytes));
    const bool is_cut = begin.size() < bytes.size() && is_part_of_magic(begin);
    if (!is_cut && !begins_zstd(begin)) {
      throw Error(Topic::kDamagedPacking,
                  "'{}' goes on behind the end of its zstd data, at byte {}, with something else: remove it",
                  file_.path(), at);
    }
    in_frame_ = true;
  }

  static bool is_part_of_magic(std::string_view begin) {
    return std::string_view("\x28\xb5\x2f\xfd", 4).starts_with(begin);
  }

  [[nodiscard]] std::uint64_t at() const { return offset_ - (left_.size - left_.pos); }

  [[nodiscard]] Error damage(const char* reason) const {
    return Error(Topic::kDamagedPacking, "'{}' is damaged: zstd data with {} at byte {}; get it again",
                 file_.path(), reason, at());
  }

  const ReadableFile& file_;
  ZSTD_DStream* stream_;
  std::uint64_t offset_ = 0;  // of the first byte that has not been read from the file
  bool in_frame_ = false;
  ZSTD_inBuffer left_{nullptr, 0, 0};  // what has been read and not been taken
  std::vector<char> packed_ = std::vector<char>(ZSTD_DStreamInSize());
  std::vector<char> text_ = std::vector<char>(std::size_t{1} << 20U);
};

}  // namespace

// A frame, or one that decoders skip.
bool begins_zstd(std::string_view begin) {
  if (begin.size() < 4) return false;
  const bool is_skippable =
      (static_cast<unsigned char>(begin[0]) & 0xf0U) == 0x50U && begin.substr(1, 3) == "\x2a\x4d\x18";
  return is_skippable || begin.substr(0, 4) == "\x28\xb5\x2f\xfd";
}

std::unique_ptr<Unpacker> zstd_unpacker(const ReadableFile& file) {
  return std::make_unique<ZstdUnpacker>(file);
}

}  // namespace millrace
