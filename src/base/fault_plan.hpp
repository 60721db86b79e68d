// What MILLRACE_FAULTS asks for: which operations of this process fail, and how. The language is in
// docs/faults.md:
//   write:17:ENOSPC@rank1; sync:3:EIO; read:40:short; collective:40:delay=5s; bitflip:checkpoint; count
//   score:churn/8:delay=0.2s
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

enum class Operation { kOpen, kRead, kWrite, kSync, kRename, kLink, kCollective };
inline constexpr std::array<const char*, 7> kOperationNames{"open",   "read", "write",     "sync",
                                                            "rename", "link", "collective"};

enum class FaultEffect {
  kFail,    // the call returns an error
  kShort,   // it does half of what it was asked for
  kDelay,   // it comes late
  kDrop,    // the process is gone, without a word
  kFreeze,  // the process stops (SIGSTOP)
};

struct Fault {
  Operation operation = Operation::kWrite;
  std::uint64_t first = 1;  // the how-manieth operation of its kind in this process, from 1
  bool onwards = false;     // and all after it
  FaultEffect effect = FaultEffect::kFail;
  int error_number = 0;  // of kFail
  double seconds = 0;    // of kDelay
  std::optional<int> rank;

  [[nodiscard]] bool hits(Operation kind, std::uint64_t number) const {
    return operation == kind && (onwards ? number >= first : number == first);
  }
};

// One bit of the next file of this kind that is published.
enum class PublishedKind { kCheckpoint, kObject, kJournal };

struct BitFlip {
  PublishedKind kind = PublishedKind::kObject;
  std::optional<int> rank;
};

// A version that scores slowly.
struct SlowVersion {
  std::string name;  // "churn/8"
  double seconds = 0;
};

struct FaultPlan {
  std::vector<Fault> faults;
  std::vector<BitFlip> flips;
  std::vector<SlowVersion> slow_versions;
  bool count = false;  // say at the end how many operations of each kind there were
};

// Throws kUsage naming the part that is wrong and what could stand there.
FaultPlan parse_fault_plan(std::string_view text);

}  // namespace millrace
