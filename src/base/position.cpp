#include "base/position.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>

#include <unistd.h>

namespace millrace {

namespace {

std::atomic<std::uint64_t> begun{0};

// One thread's operation.
struct Slot {
  std::mutex mutex;
  bool busy = false;
  int fd = -1;
  Position position;

  Slot();
  ~Slot();
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
};

struct Process {
  std::mutex mutex;
  std::vector<Slot*> slots;  // of all threads that have been in an operation
  std::string stage = "start";
};

Process& process() {
  static auto* const kProcess = new Process;  // never destroyed: threads may outlive static objects
  return *kProcess;
}

Slot::Slot() {
  const std::lock_guard lock(process().mutex);
  process().slots.push_back(this);
}
Slot::~Slot() {
  const std::lock_guard lock(process().mutex);
  std::erase(process().slots, this);
}

Slot& my_slot() {
  thread_local Slot slot;
  return slot;
}

void begin(Blocking kind, const char* operation, std::uint64_t bytes, std::string_view path, int fd) {
  ++begun;
  Slot& slot = my_slot();
  const std::lock_guard lock(slot.mutex);
  slot.busy = true;
  slot.fd = fd;
  slot.position.kind = kind;
  slot.position.operation = operation;
  slot.position.bytes = bytes;
  slot.position.path = path;
  slot.position.since = std::chrono::steady_clock::now();
}

std::string path_of(int fd) {
  std::array<char, 4096> path{};
  const auto length = ::readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), path.data(), path.size());
  return length > 0 ? std::string(path.data(), static_cast<std::size_t>(length)) : "";
}

}  // namespace

InOperation::InOperation(Blocking kind, const char* operation, std::uint64_t bytes, std::string_view path) {
  begin(kind, operation, bytes, path, -1);
}
InOperation::InOperation(const char* operation, std::uint64_t bytes, int fd) {
  begin(Blocking::kFile, operation, bytes, {}, fd);
}
InOperation::~InOperation() {
  Slot& slot = my_slot();
  const std::lock_guard lock(slot.mutex);
  slot.busy = false;
}

std::vector<Position> current_positions() {
  std::vector<Position> positions;
  const std::lock_guard lock(process().mutex);
  for (Slot* slot : process().slots) {
    const std::lock_guard slot_lock(slot->mutex);
    if (!slot->busy) continue;
    positions.push_back(slot->position);
    if (slot->fd >= 0) positions.back().path = path_of(slot->fd);
  }
  return positions;
}

std::uint64_t operations_begun() {
  return begun.load();
}

void enter_stage(const std::string& stage) {
  const std::lock_guard lock(process().mutex);
  process().stage = stage;
}
std::string current_stage() {
  const std::lock_guard lock(process().mutex);
  return process().stage;
}

}  // namespace millrace
