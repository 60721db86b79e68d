#include "base/progress.hpp"

#include <cstdio>

#include <fmt/core.h>
#include <unistd.h>

#include "base/text.hpp"

namespace millrace {

namespace {

constexpr int kBarWidth = 24;
constexpr double kTerminalInterval = 0.1;
constexpr double kPlainInterval = 5;

std::string bar(double share) {
  const int full = static_cast<int>(share * kBarWidth);
  std::string text;
  for (int i = 0; i < kBarWidth; ++i) text += i < full ? "█" : "░";
  return text;
}

std::string remaining(double share, double elapsed) {
  return share > 0.01 && share < 1 ? " · ETA " + human_seconds(elapsed * (1 - share) / share) : "";
}

}  // namespace

ProgressLine::ProgressLine(std::string title, bool enabled)
    : title_(std::move(title)), enabled_(enabled), terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
  finish();
}

void ProgressLine::update(double share, const std::string& note) {
  last_share_ = share;
  last_note_ = note;
  if (!enabled_) return;
  const double now = watch_.seconds();
  if (last_drawn_ < 0 && !terminal_) last_drawn_ = 0;  // short work prints one plain line, at its end
  if (last_drawn_ >= 0 && now - last_drawn_ < (terminal_ ? kTerminalInterval : kPlainInterval)) return;
  last_drawn_ = now;
  draw(share, note);
}

void ProgressLine::finish() {
  if (finished_ || !enabled_) return;
  finished_ = true;
  if (last_note_.empty() && last_share_ == 0) return;
  draw(last_share_, last_note_);
  if (terminal_) std::fputc('\n', stderr);
}

void ProgressLine::draw(double share, const std::string& note) {
  const std::string eta = remaining(share, watch_.seconds());
  if (terminal_) {
    fmt::print(stderr, "\r\x1b[K{} {} {:3.0f} % {}{}", title_, bar(share), share * 100, note, eta);
  } else {
    fmt::print(stderr, "{} {:.0f} % {}{}\n", title_, share * 100, note, eta);
  }
  std::fflush(stderr);
}

}  // namespace millrace
