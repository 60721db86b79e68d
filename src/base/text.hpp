// Small helpers for text that people read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
// Bytes of the UTF-8 character that `text`, which is not empty, begins with; 0 where that is none.
std::size_t character_length(std::string_view text);
std::string_view trim(std::string_view text);  // spaces, tabs, line ends

// The candidate nearest to `word` (edit distance at most a third of its length, a swap of neighbours counting
// once, case ignored); empty if none is near.
std::string near_miss(std::string_view word, const std::vector<std::string>& candidates);
// " (did you mean 'x'?)" or nothing.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

// For messages: quotes; control characters and bytes that are no UTF-8 become \xNN; what is longer than
// `limit` bytes is cut between characters.
std::string quoted(std::string_view text, std::size_t limit = 60);

// As a field of a CSV file, in quotes, whatever it holds.
std::string csv_quoted(std::string_view text);

// Names that serve as a file's name, in a URL and in a reference ("churn/7", "churn@champion").
bool is_plain_name(std::string_view text);
inline constexpr std::string_view kPlainNameRule =
    "it needs 1 to 255 letters, digits, '_', '-' or '.', and a letter or digit first";

std::string human_bytes(double bytes);         // 1.5 GB (powers of ten)
std::string human_count(std::uint64_t count);  // 12,345
std::string human_seconds(double seconds);     // 1 h 02 min, 3.4 s, 12 ms

}  // namespace millrace
