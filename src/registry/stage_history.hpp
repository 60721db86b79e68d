// What had a stage when.
#pragma once

#include <string>
#include <vector>

#include "registry/registry.hpp"

namespace millrace {

struct StageHolder {
  std::string model;
  std::uint64_t version = 0;
  std::string since;  // RFC 3339
};

// The versions of the model (of all, where it is "") that had the stage at a time, in order of models.
std::vector<StageHolder> stage_holders(const RegistryState& state, const std::string& model,
                                       const std::string& stage, const std::string& time);

// A day's last moment, "2026-03-12T23:59:59.999Z"; a time is itself. Throws kUsage for anything else.
std::string end_of_moment(const std::string& text);

}  // namespace millrace
