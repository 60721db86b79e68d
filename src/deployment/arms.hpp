// What a server says of the versions that it answers with, its arms: GET /v2/models/ENDPOINT/arms. Counts run
// from the start of the server's process; what happened in a window is the sum of what was added between
// looks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "net/client/server_address.hpp"

namespace millrace {

// counts[i]: values up to borders[i] and above the border before; the last: above all borders.
struct Histogram {
  std::vector<double> borders;  // ascending
  std::vector<std::uint64_t> counts;

  [[nodiscard]] std::uint64_t total() const;
};

struct ArmCounts {
  std::uint64_t requests = 0;  // answered
  std::uint64_t refused = 0;   // by the request's fault
  std::uint64_t failed = 0;    // by the model's or the server's fault
  Histogram latency;           // seconds
  Histogram predictions;

  [[nodiscard]] std::uint64_t asked() const { return requests + refused + failed; }
};

struct ShadowReport {
  std::uint64_t compared = 0;  // rows that both versions have scored
  std::uint64_t agreed = 0;
  std::uint64_t failed = 0;
  double sum_absolute_difference = 0;
  double largest_difference = 0;
};

struct ReportedArm {
  std::string arm;  // "current", "candidate", "previous"
  Digest artifact;
  bool ready = false;
  std::string error;  // why it is not loaded; empty while it may still be
  ArmCounts counts;
};

struct ArmsReport {
  std::uint64_t generation = 0;  // of the state that the server follows
  std::string started;           // tells one process from the next
  std::vector<ReportedArm> arms;
  std::optional<ShadowReport> shadow;

  [[nodiscard]] const ReportedArm* find(const std::string& arm, const Digest& artifact) const;
};
void from_json(const Json& json, ArmsReport& report);

// Adds to `sum` what came between two looks; `before` is null where it is all of `now` (another process).
// Histograms whose borders have changed start anew.
void add_since(ArmCounts& sum, const ArmCounts& now, const ArmCounts* before);
void add_since(ShadowReport& sum, const ShadowReport& now, const ShadowReport* before);

// Of the endpoint's server, from deploy/ENDPOINT/address; nothing where no server has written one.
std::optional<ServerAddress> server_address(const std::string& workspace_root, const std::string& endpoint);
// Nothing where no server answers, or one that does not tell of its arms. The token is
// that of the file that MILLRACE_TOKEN_FILE names, if any. Throws kRefusedRequest where the server wants
// another one, kTls where one side does not trust the other's certificate.
std::optional<ArmsReport> ask_arms(const std::string& workspace_root, const std::string& endpoint);

}  // namespace millrace
