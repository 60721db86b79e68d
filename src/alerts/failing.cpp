#include "alerts/failing.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/time.hpp"

namespace millrace {

namespace {

constexpr double kFirstPause = 60;
constexpr double kLongestPause = 900;
constexpr double kLongestAsked = 86'400;
constexpr double kGivenUpAfter = 3 * 86'400;

std::string time_text(double seconds) {
  return to_rfc3339(Milliseconds(std::chrono::milliseconds(std::llround(seconds * 1000))));
}

}  // namespace

double alert_time() {
  return parse_rfc3339(now_rfc3339());
}

std::string Failing::due() const {
  return time_text(next);
}

void Failing::write(Json& entry) const {
  entry["failure"] = failure;
  entry["attempts"] = attempts;
  entry["since"] = time_text(since);
  entry["next"] = due();
}

// Entries of earlier versions have the failure alone, "" for none.
std::optional<Failing> Failing::read(const Json& entry) {
  constexpr const char* kEntry = "alerts entry";
  if (!entry.contains("failure") || entry["failure"] == "") return std::nullopt;
  Failing failing{json_get<std::string>(entry, "failure", kEntry), 1, 0, 0};
  const bool has_next = entry.contains("next");
  failing.since = parse_rfc3339(json_get<std::string>(entry, has_next ? "since" : "time", kEntry));
  if (!has_next) return failing;
  failing.attempts = json_get<std::uint32_t>(entry, "attempts", kEntry);
  failing.next = parse_rfc3339(json_get<std::string>(entry, "next", kEntry));
  return failing;
}

Failing failed_again(const std::optional<Failing>& before, const std::string& failure, double asked,
                     double now) {
  Failing failing = before.value_or(Failing{"", 0, now, 0});
  const double pause = std::min(kLongestPause, kFirstPause * std::exp2(std::min(failing.attempts, 10U)));
  failing.failure = failure;
  failing.next = now + std::max(pause, std::min(asked, kLongestAsked));
  ++failing.attempts;
  return failing;
}

bool is_given_up(const Failing& failing, double now) {
  return now - failing.since >= kGivenUpAfter;
}

}  // namespace millrace
