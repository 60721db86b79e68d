// What rank 0 does when all is done and said: the result, or the error that ended the work, is printed, and
// the other ranks wait for nothing but the end of MPI. For what may take seconds and fails no work.
#pragma once

#include <functional>

namespace millrace {

void afterwards(std::function<void()> work);
// A failure is a warning.
void do_afterwards();

}  // namespace millrace
