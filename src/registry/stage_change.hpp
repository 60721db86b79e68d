// Steps of versions through stages, as the journal tells them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace millrace {

struct StageChange {
  std::uint64_t entry = 0;
  std::string time;
  std::string user;
  std::string model;
  std::uint64_t version = 0;
  std::string from;
  std::string to;
  std::string comment;
  std::vector<std::uint64_t> archived;   // versions that had the stage before, and are archived by this
  std::vector<std::uint64_t> sign_offs;  // entries of the approvals that it took
};

}  // namespace millrace
