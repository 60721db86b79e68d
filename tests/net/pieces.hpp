// What a RequestReader makes of bytes that come in pieces.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "net/request_reader.hpp"

namespace millrace::testing_support {

inline std::string text_of(const HttpRequest& request) {
  std::string text = fmt::format("{} {} {}", request.method, request.target, request.body);
  for (const auto& [name, value] : request.headers) text += fmt::format("|{}={}", name, value);
  return text;
}

struct Found {
  std::vector<std::string> requests;
  std::string failure;  // what is wrong behind them; "" where nothing is
};

// `piece` gives the next piece's size.
template <class Piece>
Found read_pieces(std::string_view input, Piece piece) {
  using Progress = RequestReader::Progress;
  RequestReader reader(2000, 5000);
  Found found;
  RequestReader::ErrorCode failure;
  for (;;) {
    const Progress progress = reader.advance(failure);
    if (failure) break;
    if (progress == Progress::kWhole) {
      found.requests.push_back(text_of(reader.request()));
      reader.next();
    } else if (progress == Progress::kMore) {
      if (input.empty()) return found;
      const auto room = reader.room();
      const auto size = std::min({static_cast<std::size_t>(piece()), input.size(), room.size()});
      std::copy_n(input.data(), size, room.data());
      reader.arrived(size);
      input.remove_prefix(size);
    }
  }
  found.failure = failure.message();
  return found;
}

}  // namespace millrace::testing_support
