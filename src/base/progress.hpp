// A progress line on stderr: redrawn in place on a terminal, a plain line every few seconds otherwise.
#pragma once

#include <string>

#include "base/time.hpp"

namespace millrace {

class ProgressLine {
 public:
  // `enabled` is false on ranks other than 0 and with --quiet.
  ProgressLine(std::string title, bool enabled);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // `share` in [0, 1]; `note` is shown behind the bar ("loss 0.412 · 41,000 samples/s"). Cheap when called
  // often.
  void update(double share, const std::string& note);
  // The last state, and a line end. Called by the destructor if need be.
  void finish();

 private:
  void draw(double share, const std::string& note);

  std::string title_;
  bool enabled_;
  bool terminal_;
  bool finished_ = false;
  double last_share_ = 0;
  std::string last_note_;
  double last_drawn_ = -1;
  Stopwatch watch_;
};

}  // namespace millrace
