// Texts in other encodings than UTF-8, converted while they are read. Internal to packing.cpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "ingestion/packing.hpp"

namespace millrace {

// What a text that begins so is written in: "utf-8", "latin-1", "windows-1252", "utf-16le" or "utf-16be".
// `setting` is data.encoding; a byte order mark may say more than it, and must not say anything else. Throws
// kDataRejected where it does, and where "utf-16" is set and no mark tells the order of its bytes.
std::string encoding_of(std::string_view begin, const std::string& setting, const std::string& file);

// The bytes as UTF-8, without a byte order mark of UTF-16; UTF-8 is handed on as it is, without being looked
// at. read() throws kDataRejected, naming the byte, for what the encoding does not define: five bytes of
// Windows-1252 (unicode.org, CP1252.TXT), half a unit or an unpaired surrogate of UTF-16 (RFC 2781).
std::unique_ptr<Unpacker> decoder(std::unique_ptr<Unpacker> bytes, const std::string& setting,
                                  const std::string& file);

}  // namespace millrace
