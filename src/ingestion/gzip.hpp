// Gzip (RFC 1952), with each member's length and checksum. Internal to packing.cpp and block_gzip.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "ingestion/packing.hpp"

namespace millrace {

bool begins_gzip(std::string_view begin);
std::unique_ptr<Unpacker> gzip_unpacker(const ReadableFile& file);
// The members that make up bytes [begin, end) of the file.
std::unique_ptr<Unpacker> gzip_unpacker(const ReadableFile& file, std::uint64_t begin, std::uint64_t end);

}  // namespace millrace
