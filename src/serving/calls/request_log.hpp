// What was asked and answered, a line of JSON a row: for drift, for labels that come later, and to play it
// again. Format: docs/serving.md, "Request log". Internal to serving/.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "serving/calls/call.hpp"

namespace millrace {

class RequestLog {
 public:
  // Takes a line without its end, from any thread.
  using Sink = std::function<void(std::string_view line)>;

  // `share`: of the requests, chosen by their ids, so that servers that see the same request choose alike.
  // `exclude`: columns that are not written, such as names of persons.
  RequestLog(Sink sink, double share, std::vector<std::string> exclude);

  void add(const Call& call) const;

 private:
  [[nodiscard]] bool is_excluded(const std::string& column) const;
  void append_row(std::string& out, const Call& call, std::size_t row) const;
  void append_inputs(std::string& out, const Table& table, std::size_t row) const;

  Sink sink_;
  double share_;
  std::vector<std::string> exclude_;
};

}  // namespace millrace
