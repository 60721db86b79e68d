#include "alerts/metrics_folder.hpp"

#include <cctype>

#include "base/digest.hpp"

namespace millrace {

std::string metrics_folder(const Workspace& workspace, const AlertsConfig& config) {
  return config.metrics.empty() ? workspace.path("metrics") : config.metrics;
}

std::string metrics_file(const std::string& folder, std::string_view name) {
  constexpr std::size_t kLongest = 150;  // a file's name has 255 bytes at most, also while it is written
  std::string safe;
  for (const unsigned char c : name) {
    const bool stays = c < 0x80 && (std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.');
    safe += stays ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
  }
  if (safe.size() > kLongest) safe = safe.substr(0, kLongest - 13) + "-" + digest_of(name).brief();
  return fmt::format("{}/millrace_{}.prom", folder, safe);
}

}  // namespace millrace
