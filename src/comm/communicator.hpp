// Typed collectives over MPI. The only room that knows MPI; no header shows it.
//
// Every member but rank() and size() is collective: all ranks call it, in the same order. Calls come from one
// thread. An MPI error aborts the job with MPI's own words: after one, no rank can trust another's state.
// Work that may fail on one rank alone goes through agree(), so that no rank is left waiting in a collective.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/error.hpp"

namespace millrace {

enum class Reduce { kSum, kMin, kMax };

// A rank among those on its own host; of a group, among those of the whole that it was split from.
struct LocalRank {
  int rank = 0;
  int size = 1;
};

// The seam of this room: `hook` runs before every collective of this process, on its thread (the fault
// layer); nullptr, as it is at first, for none.
void set_collective_hook(void (*hook)());

class Communicator {
 public:
  static Communicator world();
  static Communicator self();
  // Collective over this one: the ranks that give the same `group`, in their order here. Collectives of
  // different groups do not wait for each other.
  [[nodiscard]] Communicator split(int group) const;

  [[nodiscard]] int rank() const { return rank_; }
  [[nodiscard]] int size() const { return size_; }
  [[nodiscard]] bool is_root() const { return rank_ == 0; }

  void barrier() const;

  [[nodiscard]] LocalRank on_this_host() const;
  // How many threads this rank has cores for: those that it may use, shared with the ranks of its host that
  // may use the same ones.
  [[nodiscard]] std::size_t cores_for_each() const;

  // Element-wise over ranks, in place. T: float, double, std::int32_t, std::int64_t, std::uint8_t,
  // std::uint64_t.
  template <class T>
  void all_reduce(std::span<T> values, Reduce operation) const;
  template <class T>
  [[nodiscard]] T all_reduce(T value, Reduce operation) const {
    all_reduce(std::span<T>(&value, 1), operation);
    return value;
  }
  // Sum of the values of all lower ranks; 0 on rank 0.
  [[nodiscard]] std::uint64_t exclusive_sum(std::uint64_t value) const;

  // Byte strings of any length; results are ordered by rank.
  void broadcast(std::string& bytes, int root = 0) const;
  [[nodiscard]] std::vector<std::string> gather(std::string_view bytes,
                                                int root = 0) const;  // empty off the root
  [[nodiscard]] std::vector<std::string> all_gather(std::string_view bytes) const;
  // to[r] goes to rank r; the result's element r came from rank r.
  [[nodiscard]] std::vector<std::string> all_to_all(const std::vector<std::string>& to) const;

  // Equal-sized blocks of floats: block r of `all` comes from rank r. all.size() = mine.size() * size().
  void all_gather(std::span<const float> mine, std::span<float> all) const;

  // Runs `local_work` on every rank. If it fails anywhere, every rank throws the error of the lowest failing
  // rank (with that rank's number unless all fail). The work gets no communicator: no collective
  // can hide in it.
  template <class Work>
  std::invoke_result_t<Work> agree(Work&& local_work) const;

  // True on all ranks if it is true on any.
  [[nodiscard]] bool any(bool value) const {
    return all_reduce(static_cast<std::int32_t>(value), Reduce::kMax) != 0;
  }

 private:
  class Handle;
  explicit Communicator(std::shared_ptr<const Handle> handle);
  void agree_on(const std::optional<Error>& failure) const;

  std::shared_ptr<const Handle> handle_;
  int rank_ = 0;
  int size_ = 1;
};

template <class Work>
std::invoke_result_t<Work> Communicator::agree(Work&& local_work) const {
  using Result = std::invoke_result_t<Work>;
  std::optional<Error> failure;
  if constexpr (std::is_void_v<Result>) {
    try {
      std::forward<Work>(local_work)();
    } catch (...) {
      failure = current_error();
    }
    agree_on(failure);
  } else {
    std::optional<Result> result;
    try {
      result.emplace(std::forward<Work>(local_work)());
    } catch (...) {
      failure = current_error();
    }
    agree_on(failure);
    return std::move(*result);
  }
}

}  // namespace millrace
