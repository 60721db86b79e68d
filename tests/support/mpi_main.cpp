// GoogleTest's main under MPI: every rank runs every test; a failure on any rank fails the run; rank 0
// prints.
#include <gtest/gtest.h>

#include "comm/communicator.hpp"
#include "comm/session.hpp"

int main(int argc, char** argv) {
  const millrace::MpiSession session;
  const auto world = millrace::Communicator::world();
  testing::InitGoogleTest(&argc, argv);
  auto& listeners = testing::UnitTest::GetInstance()->listeners();
  if (!world.is_root()) delete listeners.Release(listeners.default_result_printer());
  const int failed = RUN_ALL_TESTS();
  if (failed != 0 && !world.is_root()) fprintf(stderr, "tests failed on rank %d\n", world.rank());
  return world.any(failed != 0) ? 1 : 0;
}
