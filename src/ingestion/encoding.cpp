#include "ingestion/encoding.hpp"

#include <array>
#include <cstdint>
#include <vector>

#include "base/error.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMostBytes = 3;  // of UTF-8, for each byte or unit of the encodings here
constexpr char32_t kMark = 0xfeff;
constexpr char32_t kUndefined = 0;

// Of Windows-1252; its other bytes are those of Latin-1, and those of Latin-1 are Unicode's first 256.
constexpr std::array<char32_t, 32> kFrom0x80To0x9f{
    0x20ac,     kUndefined, 0x201a, 0x0192, 0x201e, 0x2026,     0x2020, 0x2021,
    0x02c6,     0x2030,     0x0160, 0x2039, 0x0152, kUndefined, 0x017d, kUndefined,
    kUndefined, 0x2018,     0x2019, 0x201c, 0x201d, 0x2022,     0x2013, 0x2014,
    0x02dc,     0x2122,     0x0161, 0x203a, 0x0153, kUndefined, 0x017e, 0x0178};

char* write_utf8(char32_t c, char* to) {
  const auto tail = [&](unsigned shift) { *to++ = static_cast<char>(0x80U | (c >> shift & 0x3fU)); };
  if (c < 0x80) {
    *to++ = static_cast<char>(c);
  } else if (c < 0x800) {
    *to++ = static_cast<char>(0xc0U | c >> 6U);
    tail(0);
  } else if (c < 0x10000) {
    *to++ = static_cast<char>(0xe0U | c >> 12U);
    tail(6);
    tail(0);
  } else {
    *to++ = static_cast<char>(0xf0U | c >> 18U);
    tail(12);
    tail(6);
    tail(0);
  }
  return to;
}

// What the byte order mark at a text's beginning says; "" where there is none.
std::string_view mark_of(std::string_view begin) {
  if (begin.starts_with("\xff\xfe\0\0"sv) || begin.starts_with("\0\0\xfe\xff"sv)) return "utf-32";
  if (begin.starts_with("\xff\xfe")) return "utf-16le";
  if (begin.starts_with("\xfe\xff")) return "utf-16be";
  return begin.starts_with("\xef\xbb\xbf") ? "utf-8" : "";
}

bool is_utf16(std::string_view encoding) {
  return encoding.starts_with("utf-16");
}

class Decoder : public Unpacker {
 public:
  Decoder(std::unique_ptr<Unpacker> bytes, std::string setting, std::string file)
      : bytes_(std::move(bytes)), encoding_(std::move(setting)), file_(std::move(file)) {}

  std::string_view read() override {
    for (;;) {
      const std::string_view bytes = bytes_->read();
      if (!is_known_) {
        encoding_ = encoding_of(bytes, encoding_, file_);
        is_known_ = true;
      }
      if (encoding_ == "utf-8") return bytes;
      const std::string_view text = is_utf16(encoding_) ? from_utf16(bytes) : from_bytes(bytes);
      if (!text.empty() || bytes.empty()) return text;
    }
  }
  [[nodiscard]] std::string encoding() const override { return encoding_; }

 private:
  char* room_for(std::size_t bytes) {
    text_.resize(kMostBytes * bytes);
    return text_.data();
  }

  std::string_view from_bytes(std::string_view bytes) {
    const bool is_windows = encoding_ == "windows-1252";
    char* to = room_for(bytes.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      char32_t c = static_cast<unsigned char>(bytes[i]);
      if (is_windows && c >= 0x80 && c < 0xa0) {
        c = kFrom0x80To0x9f[c - 0x80];
        if (c == kUndefined) throw undefined(offset_ + i, "a byte without a meaning");
      }
      to = write_utf8(c, to);
    }
    offset_ += bytes.size();
    return {text_.data(), static_cast<std::size_t>(to - text_.data())};
  }

  // What ends in the middle of a character waits for the next bytes.
  std::string_view from_utf16(std::string_view bytes) {
    const bool is_end = bytes.empty();
    pending_ += bytes;
    char* to = room_for(pending_.size());
    std::size_t at = 0;
    while (pending_.size() - at >= 2) {
      const std::size_t size = write_character(at, to);
      if (size == 0) break;
      at += size;
    }
    if (is_end && !pending_.empty()) throw cut_off();
    pending_.erase(0, at);
    offset_ += at;
    return {text_.data(), static_cast<std::size_t>(to - text_.data())};
  }

  // The bytes that the character at `at` takes; 0 where its second half is still to come.
  std::size_t write_character(std::size_t at, char*& to) {
    char32_t c = unit(at);
    const bool is_pair = c >= 0xd800 && c < 0xdc00;
    if (is_pair) {
      if (pending_.size() - at < 4) return 0;
      const char32_t low = unit(at + 2);
      if (low < 0xdc00 || low >= 0xe000) throw undefined(offset_ + at, "an unpaired surrogate");
      c = 0x10000 + ((c - 0xd800) << 10U) + (low - 0xdc00);
    } else if (c >= 0xdc00 && c < 0xe000) {
      throw undefined(offset_ + at, "an unpaired surrogate");
    }
    if (c != kMark || offset_ + at > 0) to = write_utf8(c, to);
    return is_pair ? 4 : 2;
  }

  [[nodiscard]] char32_t unit(std::size_t at) const {
    const auto first = static_cast<unsigned char>(pending_[at]);
    const auto second = static_cast<unsigned char>(pending_[at + 1]);
    return encoding_ == "utf-16le" ? first | second << 8U : first << 8U | second;
  }

  [[nodiscard]] Error undefined(std::uint64_t byte, const char* what) const {
    return Error(Topic::kWrongEncoding, "'{}' is no {}: {} at byte {}; repair the file, or set data.encoding",
                 file_, encoding_, what, byte);
  }

  [[nodiscard]] Error cut_off() const {
    const bool is_odd = pending_.size() % 2 != 0;
    return undefined(offset_, is_odd ? "it ends in the middle of two bytes that belong together,"
                                     : "an unpaired surrogate");
  }

  std::unique_ptr<Unpacker> bytes_;
  std::string encoding_;  // the setting, until the first bytes are known
  std::string file_;
  bool is_known_ = false;
  std::uint64_t offset_ = 0;  // of the first byte that has not been converted
  std::string pending_;       // of UTF-16: bytes from there on
  std::vector<char> text_;
};

}  // namespace

std::string encoding_of(std::string_view begin, const std::string& setting, const std::string& file) {
  std::string mark(mark_of(begin));
  if (setting == "utf-8") return is_utf16(mark) ? mark : setting;
  if (begin.empty()) return "utf-8";
  if (setting == "utf-16") {
    if (is_utf16(mark)) return mark;
    throw Error(Topic::kWrongEncoding,
                "'{}' has no byte order mark of UTF-16: set data.encoding to utf-16le or utf-16be, as it is",
                file);
  }
  if (mark.empty() || mark == setting) return setting;
  throw Error(Topic::kWrongEncoding,
              "'{}' begins with a byte order mark of {}, but data.encoding is {}: leave that out", file, mark,
              setting);
}

std::unique_ptr<Unpacker> decoder(std::unique_ptr<Unpacker> bytes, const std::string& setting,
                                  const std::string& file) {
  return std::make_unique<Decoder>(std::move(bytes), setting, file);
}

}  // namespace millrace
