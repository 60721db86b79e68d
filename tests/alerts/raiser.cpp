// Raises alerts, as runs do that end at once: what claims_test.cpp starts several of, and kills.
//   alert_raiser WORKSPACE URL CAUSE FIRST COUNT [COMMAND...]
// Raises CAUSE, or with COUNT > 1 CAUSE/FIRST, CAUSE/FIRST+1, …; delivers to the webhook (where URL is not
// empty) and the command.
#include <cstdio>

#include "alerts/alerts.hpp"
#include "base/error.hpp"
#include "base/log.hpp"

namespace millrace {
namespace {

void raise(const std::vector<std::string>& words) {
  set_up_logging(LogLevel::kWarning);
  AlertsConfig config;
  config.webhook.url = words[1];
  config.webhook.attempts = 1;
  config.command.assign(words.begin() + 5, words.end());
  Alerts alerts(Workspace{words[0]}, config);
  const int first = std::stoi(words[3]);
  const int count = std::stoi(words[4]);
  for (int i = first; i < first + count; ++i) {
    const std::string cause = count == 1 ? words[2] : fmt::format("{}/{}", words[2], i);
    alerts.raise({cause, AlertLevel::kAlert, "a subject", "a text"});
  }
}

}  // namespace
}  // namespace millrace

int main(int argc, char** argv) {
  if (argc < 6) {
    std::fprintf(stderr, "usage: alert_raiser WORKSPACE URL CAUSE FIRST COUNT [COMMAND...]\n");
    return 2;
  }
  try {
    millrace::raise({argv + 1, argv + argc});
  } catch (...) {
    std::fprintf(stderr, "alert_raiser: %s\n", millrace::current_error().message().c_str());
    return 1;
  }
  return 0;
}
