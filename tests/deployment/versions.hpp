// Versions without artifacts, for tests of what only moves them about.
#pragma once

#include "storage/endpoint_state.hpp"

namespace millrace::testing_support {

inline Deployed version(std::uint64_t number) {
  return {"churn", number, digest_of(std::to_string(number)), "2026-01-01T00:00:00.000Z"};
}

}  // namespace millrace::testing_support
