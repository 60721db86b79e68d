// Runs and prices to reckon with.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "cost/alarms.hpp"
#include "cost/charges.hpp"

namespace millrace::testing_support {

inline std::vector<std::string> causes_of(const std::vector<CostAlarm>& alarms) {
  std::vector<std::string> causes;
  for (const CostAlarm& alarm : alarms) causes.push_back(alarm.cause);
  return causes;
}

inline Money eur(double amount) {
  return Money::of(amount, "an amount");
}

inline Prices prices(double cpu_hour, double gpu_hour, double gb_month = 0) {
  return {"EUR", Money::of(cpu_hour, "cpu"), Money::of(gpu_hour, "gpu"), Money::of(gb_month, "storage")};
}

// One that lasted for `wall_ms` from `begin` (RFC 3339) on.
inline RunUsage run_usage(const std::string& name, const std::string& begin, std::int64_t wall_ms,
                          std::int64_t cores, std::int64_t gpus = 0) {
  RunUsage usage;
  usage.run = name;
  usage.pipeline = usage.model = "churn";
  usage.begin = moment_of(begin);
  usage.wall_ms = wall_ms;
  usage.cores = cores;
  usage.gpus = gpus;
  usage.core_ms = wall_ms * cores;
  usage.gpu_ms = wall_ms * gpus;
  usage.stages = {{"train", wall_ms}};
  return usage;
}

// What `body` throws; the test fails where it throws nothing.
template <class Body>
Error error_of(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {ExitCode::kDone, ""};
}

}  // namespace millrace::testing_support
