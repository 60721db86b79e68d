// Block-indexed gzip (BGZF, as htslib's bgzip writes it; SAM specification, section 4.1): a file of small
// members, each of which says how long it is, so that each can be unpacked by itself.
#pragma once

#include <cstdint>
#include <vector>

#include "base/file.hpp"
#include "base/json.hpp"

namespace millrace {

// Whole members that follow one another, and where their text stands in that of the file.
struct GzipStretch {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint64_t text_begin = 0;
  std::uint64_t text_bytes = 0;
};
void to_json(Json& json, const GzipStretch& stretch);
void from_json(const Json& json, GzipStretch& stretch);

// Stretches of at least `text_bytes` of text (but for the last), which make up the file; none where not all
// of it is block-indexed gzip: such a file is unpacked as one, which also tells what is wrong with it. Reads
// a few bytes of each member.
std::vector<GzipStretch> gzip_stretches(const ReadableFile& file, std::uint64_t text_bytes);

// Writes the text of a stretch to where it belongs in the file open as `to`, which errors call `path`. Throws
// as an Unpacker does; kResource where it cannot be written.
void unpack_stretch(const ReadableFile& file, const GzipStretch& stretch, int to, const std::string& path);

}  // namespace millrace
