// A value that must not be seen: the configuration holds where it is found, never what it is. So it is in no
// resolved copy, key, log or message.
#pragma once

#include <string>
#include <string_view>

#include "config/mark.hpp"

namespace millrace {

struct Secret {
  std::string reference;  // "env:NAME" or "file:PATH"
  Mark mark;

  // The value: the variable's, or the file's without its last line end. Throws kUsage where the variable is
  // not set, kResource where the file cannot be read; neither says what it holds.
  [[nodiscard]] std::string reveal() const;
};

bool is_secret_reference(std::string_view text);

}  // namespace millrace
