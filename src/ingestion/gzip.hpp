// Gzip (RFC 1952), with each member's length and checksum. Internal to packing.cpp.
#pragma once

#include <memory>
#include <string_view>

#include "ingestion/packing.hpp"

namespace millrace {

bool begins_gzip(std::string_view begin);
std::unique_ptr<Unpacker> gzip_unpacker(const ReadableFile& file);

}  // namespace millrace
