// Work on several threads, results in order.
#pragma once

#include <cstddef>
#include <deque>
#include <future>
#include <utility>

namespace millrace {

// Calls produce(0) … produce(count - 1) on up to `threads` threads, and consume(i, result) for each in that
// order on the calling thread. One result more than there are threads is in the making, so that nobody waits
// for the consumer. The first failure in that order is thrown, when the work that has begun has ended;
// nothing new begins then.
template <class Produce, class Consume>
void ordered_parallel(std::size_t count, std::size_t threads, const Produce& produce,
                      const Consume& consume) {
  if (threads <= 1 || count <= 1) {
    for (std::size_t i = 0; i < count; ++i) consume(i, produce(i));
    return;
  }
  std::deque<decltype(std::async(std::launch::async, produce, std::size_t{}))> running;
  std::size_t begun = 0;
  for (std::size_t i = 0; i < count; ++i) {
    while (begun < count && running.size() <= threads) {
      running.push_back(std::async(std::launch::async, std::cref(produce), begun++));
    }
    auto result = running.front().get();
    running.pop_front();
    consume(i, std::move(result));
  }
}

}  // namespace millrace
