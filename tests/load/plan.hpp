// Small loads on servers of this process.
#pragma once

#include "load/load.hpp"

namespace millrace::testing_support {

// Closed, without a warm-up: what the server sees is what the result counts.
inline load::LoadPlan small_plan(std::uint16_t port, double seconds = 0.3) {
  load::LoadPlan plan;
  plan.address = "127.0.0.1:" + std::to_string(port);
  plan.requests = {load::http_post(plan.address, "/a", "first"),
                   load::http_post(plan.address, "/b", "second")};
  plan.connections = 4;
  plan.warmup_seconds = 0;
  plan.seconds = seconds;
  return plan;
}

inline std::uint64_t answers_and_failures(const load::LoadResult& result) {
  std::uint64_t sum = 0;
  for (const auto& [status, count] : result.statuses) sum += count;
  for (const std::uint64_t count : result.failures) sum += count;
  return sum;
}

}  // namespace millrace::testing_support
