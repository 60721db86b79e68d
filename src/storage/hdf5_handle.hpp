// Inside storage/: one owner for each HDF5 id, and HDF5's error stack in words.
#pragma once

#include <string>
#include <utility>

#include <hdf5.h>

#include "base/error.hpp"

namespace millrace::hdf5 {

// What HDF5 has to say about the last failed call, innermost cause only; clears its error stack.
std::string last_words();

// HDF5 prints its error stack unless told otherwise; ours go into the Error. Called before anything is
// opened.
void silence();

class Handle {
 public:
  using Closer = herr_t (*)(hid_t);

  // `id` is what an HDF5 call returned: negative for failure, told as "ACTION: HDF5's words".
  Handle(hid_t id, Closer closer, const std::string& action) : id_(id), closer_(closer) {
    if (id < 0) throw resource_error("{}: {}", action, last_words());
  }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), closer_(other.closer_) {}
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (id_ >= 0) closer_(id_);
  }

  [[nodiscard]] hid_t id() const { return id_; }

 private:
  hid_t id_;
  Closer closer_;
};

// For calls that only report success; a negative status becomes an Error.
inline void check(herr_t status, const std::string& action) {
  if (status < 0) throw resource_error("{}: {}", action, last_words());
}

}  // namespace millrace::hdf5
