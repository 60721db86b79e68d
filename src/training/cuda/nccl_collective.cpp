// Sums over ranks by NCCL. The communicator is non-blocking: every call returns at once, and its progress is
// polled under a deadline, so a rank that has died cannot hang the others (NCCL's user guide, "Fault
// Tolerance"). After an error the communicator is aborted; the run ends and goes on from its last checkpoint.
#include <chrono>
#include <cstring>
#include <thread>

#include "base/error.hpp"
#include "base/host.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "training/cuda/collective.hpp"
#include "training/cuda/nccl_library.hpp"

namespace millrace {

namespace {

class NcclCollective final : public Collective {
 public:
  explicit NcclCollective(const DeviceGroup& group) : nccl_(nccl_library()), group_(group) {
    ncclUniqueId id{};
    if (group.id.size() != sizeof id) throw internal_error("a group's id of {} bytes", group.id.size());
    std::memcpy(&id, group.id.data(), sizeof id);
    ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
    config.blocking = 0;
    begun(nccl_.init_rank(&comm_, group.size, id, group.rank, &config), "joining the ranks' GPUs");
  }
  // Aborting waits for nobody; after a finished step nothing is lost by it.
  ~NcclCollective() override { abort(); }

  void all_reduce(std::span<float> values, StreamView stream) override {
    begun(nccl_.all_reduce(values.data(), values.data(), values.size(), ncclFloat, ncclSum, comm_, stream),
          "summing gradients");
  }

  void wait(const Event& event) override {
    const Stopwatch watch;
    while (!event.done()) {
      if (const ncclResult_t state = this->state(); state != ncclSuccess && state != ncclInProgress) {
        fail(state, "summing gradients");
      }
      check_deadline(watch, "summing gradients");
      std::this_thread::yield();
    }
  }

 private:
  [[nodiscard]] ncclResult_t state() const {
    ncclResult_t state = ncclSuccess;
    const ncclResult_t asked = nccl_.get_async_error(comm_, &state);
    return asked == ncclSuccess ? state : asked;
  }

  // A call has returned: until NCCL has also begun its work on the device.
  void begun(ncclResult_t result, const char* what) {
    const Stopwatch watch;
    while (result == ncclInProgress) {
      check_deadline(watch, what);
      std::this_thread::sleep_for(std::chrono::microseconds(20));
      result = state();
    }
    if (result != ncclSuccess) fail(result, what);
  }

  void check_deadline(const Stopwatch& watch, const char* what) {
    if (watch.seconds() <= group_.deadline) return;
    abort();
    throw Error(Topic::kDeadline,
                "{}: no answer from all ranks within {} s (deadlines.collective), says rank {} on {}", what,
                group_.deadline, group_.rank, host_name());
  }

  [[noreturn]] void fail(ncclResult_t result, const char* what) {
    const std::string words = nccl_.error_string(result);
    const char* last = comm_ == nullptr ? nullptr : nccl_.last_error(comm_);
    const std::string details = last == nullptr || *last == '\0' ? "" : fmt::format(" ({})", last);
    abort();
    throw Error(Topic::kGpuFailed, "{}: NCCL on rank {} on {}: {}{}", what, group_.rank, host_name(), words,
                details);
  }

  void abort() noexcept {
    if (comm_ != nullptr) nccl_.abort(comm_);
    comm_ = nullptr;
  }

  const NcclLibrary& nccl_;
  DeviceGroup group_;
  ncclComm_t comm_ = nullptr;
};

}  // namespace

std::string collective_library() {
  return "NCCL " + nccl_library().version();
}

std::string new_group_id() {
  ncclUniqueId id{};
  const NcclLibrary& nccl = nccl_library();
  const ncclResult_t result = nccl.get_unique_id(&id);
  if (result != ncclSuccess) throw Error(Topic::kGpuFailed, "NCCL: {}", nccl.error_string(result));
  return {reinterpret_cast<const char*>(&id), sizeof id};
}

std::unique_ptr<Collective> join_group(const DeviceGroup& group) {
  return std::make_unique<NcclCollective>(group);
}

}  // namespace millrace
