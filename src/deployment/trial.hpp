// The counts of a candidate's window, put together from looks at a server that may restart meanwhile.
#pragma once

#include <optional>
#include <string>

#include "deployment/judge.hpp"

namespace millrace {

class TrialWatch {
 public:
  // From the first look that shows the candidate loaded; `seconds`: any steady clock.
  void begin(const EndpointState& state, const ArmsReport& first, double seconds);
  [[nodiscard]] bool has_begun() const { return last_.has_value(); }
  // Adds what came since the last look. A server that has started anew began with zeros.
  void look(const ArmsReport& report, double seconds);
  [[nodiscard]] const TrialWindow& window() const { return window_; }

 private:
  TrialWindow window_;
  std::optional<ArmsReport> last_;
  double began_ = 0;
};

}  // namespace millrace
