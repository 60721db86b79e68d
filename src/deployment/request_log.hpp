// What a server has answered: deploy/ENDPOINT/requests/requests.jsonl and older ones, one line a row. Joined
// with labels that arrive later it tells which version was right more often. Format: docs/formats.md,
// "Request log".
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace millrace {

// Seconds since 1970: from <= time < until.
struct TimeWindow {
  double from = -std::numeric_limits<double>::infinity();
  double until = std::numeric_limits<double>::infinity();

  [[nodiscard]] bool contains(double time) const { return from <= time && time < until; }
};

struct LoggedAnswer {
  double time = 0;        // seconds since 1970
  std::string id;         // of the request
  std::uint64_t row = 0;  // in it, from 0
  std::string model;
  std::uint64_t version = 0;
  std::optional<double> prediction;  // the positive class' probability, or the value
  std::string predicted_class;       // "" where there is none
};
void from_json(const Json& json, LoggedAnswer& answer);

// Each whole line, in the order of the files' names and lines. Nothing where there is no log. Throws
// kResource.
void read_request_lines(const std::string& workspace_root, const std::string& endpoint,
                        const std::function<void(std::string_view line)>& take);

// Each answer that was given, in the order of the files' names and lines. A last line that is not whole yet
// is left out; so are lines that a crash has torn or that are none, with one warning that names the first.
// Throws kResource for files that cannot be read.
void read_request_log(const std::string& workspace_root, const std::string& endpoint,
                      const std::function<void(const LoggedAnswer&)>& take);

}  // namespace millrace
