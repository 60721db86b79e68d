// How NCCL's errors and its silence are met. NCCL itself is replaced: no machine of ours has two GPUs.
#include <gtest/gtest.h>

#include "support/tables.hpp"
#include "training/cuda/collective.hpp"
#include "training/cuda/nccl_library.hpp"

extern bool emulated_gpu_is_stuck;

namespace millrace {

namespace {

using testing_support::contains;
using testing_support::error_of;

// What the replaced library does next, and what was asked of it.
struct Script {
  ncclResult_t init = ncclSuccess;
  ncclResult_t reduce = ncclSuccess;
  ncclResult_t state = ncclSuccess;
  int progress = 0;  // polls that are still answered 'in progress'
  int aborts = 0;
  int blocking = -1;
};
Script script;

ncclComm_t some_communicator() {
  static int place = 0;
  return reinterpret_cast<ncclComm_t>(&place);
}

ncclResult_t fake_init(ncclComm_t* comm, int, ncclUniqueId, int, ncclConfig_t* config) {
  script.blocking = config->blocking;
  *comm = some_communicator();
  return script.init;
}
ncclResult_t fake_state(ncclComm_t, ncclResult_t* state) {
  *state = script.progress-- > 0 ? ncclInProgress : script.state;
  return ncclSuccess;
}
ncclResult_t fake_abort(ncclComm_t) {
  ++script.aborts;
  return ncclSuccess;
}
ncclResult_t fake_reduce(const void*, void*, std::size_t, ncclDataType_t, ncclRedOp_t, ncclComm_t,
                         cudaStream_t) {
  return script.reduce;
}
const char* fake_words(ncclResult_t) {
  return "remote process exited";
}
const char* fake_last_error(ncclComm_t) {
  return "the cable is out";
}
ncclResult_t fake_version(int* number) {
  *number = 22809;
  return ncclSuccess;
}
ncclResult_t fake_id(ncclUniqueId* id) {
  *id = {};
  return ncclSuccess;
}

class Nccl : public testing::Test {
 protected:
  Nccl() {
    script = {};
    emulated_gpu_is_stuck = false;
  }
  ~Nccl() override { emulated_gpu_is_stuck = false; }
  static std::unique_ptr<Collective> join(double deadline = 0.02) {
    return join_group({new_group_id(), 1, 2, deadline});
  }
  // Sums nothing, and waits for it.
  static void reduce(Collective& collective) {
    const Stream stream;
    Event event;
    collective.all_reduce({}, stream.view());
    event.record(stream.view());
    collective.wait(event);
  }
};

TEST_F(Nccl, SaysItsVersion) {
  EXPECT_EQ(collective_library(), "NCCL 2.28.9");
}

TEST_F(Nccl, NeverBlocksAndIsAbortedInTheEnd) {
  script.init = ncclInProgress;
  script.reduce = ncclInProgress;
  script.progress = 3;
  reduce(*join());
  EXPECT_EQ(script.blocking, 0);
  EXPECT_EQ(script.aborts, 1);
}

TEST_F(Nccl, GivesUpJoiningAfterTheDeadline) {
  script.init = ncclInProgress;
  script.progress = 1 << 30;
  const std::string error = error_of([] { join(); });
  EXPECT_TRUE(contains(error, "6: joining the ranks' GPUs: no answer from all ranks within 0.02 s")) << error;
  EXPECT_TRUE(contains(error, "deadlines.collective")) << error;
  EXPECT_TRUE(contains(error, "rank 1 on ")) << error;
  EXPECT_EQ(script.aborts, 1);
}

TEST_F(Nccl, GivesUpASumAfterTheDeadline) {
  const auto collective = join();
  emulated_gpu_is_stuck = true;
  const std::string error = error_of([&] { reduce(*collective); });
  EXPECT_TRUE(contains(error, "6: summing gradients: no answer")) << error;
  EXPECT_EQ(script.aborts, 1);
}

TEST_F(Nccl, PassesOnItsLastError) {
  const auto collective = join(60);
  emulated_gpu_is_stuck = true;
  script.state = ncclRemoteError;
  const std::string error = error_of([&] { reduce(*collective); });
  EXPECT_TRUE(contains(error, "NCCL on rank 1 on ")) << error;
  EXPECT_TRUE(contains(error, "remote process exited (the cable is out)")) << error;
  EXPECT_EQ(script.aborts, 1);
}

TEST_F(Nccl, IsAbortedWhereACallFails) {
  script.init = ncclSystemError;
  EXPECT_TRUE(contains(error_of([] { join(); }), "6: joining the ranks' GPUs: NCCL on rank 1"));
  EXPECT_EQ(script.aborts, 1);
  script = {};
  const auto collective = join();
  script.reduce = ncclInternalError;
  EXPECT_TRUE(contains(error_of([&] { reduce(*collective); }), "6: summing gradients"));
  EXPECT_EQ(script.aborts, 1);
}

}  // namespace

const NcclLibrary& nccl_library() {
  static const NcclLibrary kFake{fake_version, fake_id,     fake_init,  fake_state,
                                 fake_abort,   fake_reduce, fake_words, fake_last_error};
  return kFake;
}

std::string NcclLibrary::version() const {
  return "2.28.9";
}

}  // namespace millrace
