// Text packed by the formats' own libraries, for tests of what reads it.
#pragma once

#include <stdexcept>
#include <string>

#include <zlib.h>
#include <zstd.h>

namespace millrace::testing_support {

// One gzip member; `extra`: its extra field, if any.
inline std::string gzip_with(const std::string& text, std::string extra) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2");
  gz_header header{};
  header.os = 255;
  header.extra = reinterpret_cast<Bytef*>(extra.data());
  header.extra_len = static_cast<uInt>(extra.size());
  if (!extra.empty()) deflateSetHeader(&stream, &header);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  std::string input = text;  // zlib's interface takes no constant bytes
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("deflate");
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

inline std::string gzip(const std::string& text) {
  return gzip_with(text, "");
}

// Members of at most `block` bytes of text that each say how long they are, and an empty one at the end, as
// bgzip writes them.
inline std::string block_gzip(const std::string& text, std::size_t block = 60000) {
  std::string packed;
  for (std::size_t at = 0;; at += block) {
    const bool is_end = at >= text.size();
    std::string member =
        gzip_with(is_end ? "" : text.substr(at, block), std::string("BC\x02\x00\x00\x00", 6));
    const std::size_t size = member.size() - 1;
    member[16] = static_cast<char>(size & 0xffU);
    member[17] = static_cast<char>(size >> 8U);
    packed += member;
    if (is_end) return packed;
  }
}

// One zstd frame with a checksum.
inline std::string zstd(const std::string& text) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size = ZSTD_compress2(context, packed.data(), packed.size(), text.data(), text.size());
  ZSTD_freeCCtx(context);
  if (ZSTD_isError(size) != 0) throw std::runtime_error("ZSTD_compress2");
  packed.resize(size);
  return packed;
}

}  // namespace millrace::testing_support
