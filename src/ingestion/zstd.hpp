// Zstandard (RFC 8878), with the sizes and checksums that frames carry. Internal to packing.cpp.
#pragma once

#include <memory>
#include <string_view>

#include "ingestion/packing.hpp"

namespace millrace {

bool begins_zstd(std::string_view begin);
std::unique_ptr<Unpacker> zstd_unpacker(const ReadableFile& file);

}  // namespace millrace
