#include "base/faults.hpp"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.hpp"

namespace millrace {

namespace {

constexpr int kDropCode = 137;  // as a shell says of a process that was killed

// By the place that a file is published at: see docs/formats.md, "Workspace".
bool is_of(PublishedKind kind, std::string_view path) {
  switch (kind) {
    case PublishedKind::kCheckpoint:
      return path.find("/checkpoints/step-") != std::string_view::npos;
    case PublishedKind::kObject:
      return path.find("/objects/") != std::string_view::npos;
    case PublishedKind::kJournal:
      return path.find("/registry/") != std::string_view::npos;
  }
  return false;
}

// One bit in the middle; the file's mode stays as it is. By plain system calls: nothing may fault here.
void flip_a_bit(const char* path) {
  struct stat status {};
  if (::stat(path, &status) != 0 || status.st_size == 0) return;
  ::chmod(path, 0600);
  const UniqueFd fd(::open(path, O_RDWR | O_CLOEXEC));
  char byte = 0;
  const off_t middle = status.st_size / 2;
  if (::pread(fd.get(), &byte, 1, middle) == 1) {
    byte = static_cast<char>(byte ^ 1);
    if (::pwrite(fd.get(), &byte, 1, middle) != 1) std::perror("bitflip");
  }
  ::chmod(path, status.st_mode & 07777U);
}

// The rank that something is for, or all.
bool is_for(const std::optional<int>& wanted, int rank) {
  return !wanted || *wanted == rank;
}

}  // namespace

struct FaultyOperations::State {
  std::vector<Fault> faults;
  std::vector<PublishedKind> kinds;
  std::unique_ptr<std::atomic<bool>[]> flipped;  // beside kinds
  std::array<std::atomic<std::uint64_t>, kOperationNames.size()> counts{};

  State(const FaultPlan& plan, int rank) {
    for (const Fault& fault : plan.faults) {
      if (is_for(fault.rank, rank)) faults.push_back(fault);
    }
    for (const BitFlip& flip : plan.flips) {
      if (is_for(flip.rank, rank)) kinds.push_back(flip.kind);
    }
    flipped = std::make_unique<std::atomic<bool>[]>(kinds.size());
  }

  // Counts one operation and lets come what the plan has for it: false where the call must fail (errno is
  // set). A short transfer halves `size`.
  bool passes(Operation operation, std::size_t* size = nullptr) {
    const std::uint64_t number = ++counts[static_cast<std::size_t>(operation)];
    for (const Fault& fault : faults) {
      if (fault.hits(operation, number) && !suffer(fault, size)) return false;
    }
    return true;
  }

  static bool suffer(const Fault& fault, std::size_t* size) {
    switch (fault.effect) {
      case FaultEffect::kFail:
        errno = fault.error_number;
        return false;
      case FaultEffect::kShort:
        *size = (*size + 1) / 2;
        return true;
      case FaultEffect::kDelay:
        std::this_thread::sleep_for(std::chrono::duration<double>(fault.seconds));
        return true;
      case FaultEffect::kDrop:
        ::_exit(kDropCode);
      case FaultEffect::kFreeze:
        ::kill(::getpid(), SIGSTOP);
        return true;
    }
    return true;
  }

  void flip_where_asked(const char* temporary, const char* published) {
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      if (is_of(kinds[i], published) && !flipped[i].exchange(true)) flip_a_bit(temporary);
    }
  }
};

FaultyOperations::FaultyOperations(const FaultPlan& plan, int rank)
    : state_(std::make_unique<State>(plan, rank)) {}
FaultyOperations::~FaultyOperations() = default;

int FaultyOperations::open(const char* path, int flags, unsigned mode) {
  return state_->passes(Operation::kOpen) ? FileOperations::open(path, flags, mode) : -1;
}
long FaultyOperations::write(int fd, const char* data, std::size_t size) {
  return state_->passes(Operation::kWrite, &size) ? FileOperations::write(fd, data, size) : -1;
}
long FaultyOperations::write_at(int fd, const char* data, std::size_t size, std::uint64_t offset) {
  return state_->passes(Operation::kWrite, &size) ? FileOperations::write_at(fd, data, size, offset) : -1;
}
long FaultyOperations::read_at(int fd, char* data, std::size_t size, std::uint64_t offset) {
  return state_->passes(Operation::kRead, &size) ? FileOperations::read_at(fd, data, size, offset) : -1;
}
int FaultyOperations::sync(int fd) {
  return state_->passes(Operation::kSync) ? FileOperations::sync(fd) : -1;
}
int FaultyOperations::rename(const char* from, const char* to) {
  if (!state_->passes(Operation::kRename)) return -1;
  state_->flip_where_asked(from, to);
  return FileOperations::rename(from, to);
}
int FaultyOperations::link(const char* from, const char* to) {
  if (!state_->passes(Operation::kLink)) return -1;
  state_->flip_where_asked(from, to);
  return FileOperations::link(from, to);
}

void FaultyOperations::at_collective() {
  state_->passes(Operation::kCollective);
}

std::string FaultyOperations::counts() const {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < kOperationNames.size(); ++i) {
    parts.push_back(fmt::format("{} {}", kOperationNames[i], state_->counts[i].load()));
  }
  return join(parts, ", ");
}

namespace {

std::vector<SlowVersion>& slow_versions() {
  static std::vector<SlowVersion> versions;
  return versions;
}

}  // namespace

double scoring_delay(const std::string& version) {
  for (const SlowVersion& slow : slow_versions()) {
    if (slow.name == version) return slow.seconds;
  }
  return 0;
}

FaultyOperations* install_faults(int rank) {
  const char* text = std::getenv("MILLRACE_FAULTS");
  if (text == nullptr || *text == '\0') return nullptr;
  const FaultPlan plan = parse_fault_plan(text);
  static FaultyOperations operations(plan, rank);
  slow_versions() = plan.slow_versions;
  static const ScopedFileOperations kInstalled(operations);
  if (plan.count) {
    static const int kCountedRank = rank;
    std::atexit([] {
      fmt::print(stderr, "millrace: operations of rank {}: {}\n", kCountedRank, operations.counts());
    });
  }
  return &operations;
}

}  // namespace millrace
