// A queue of work on the device, and marks in it. Owners here; functions take a StreamView.
#pragma once

#include <memory>

#include "kernels/types.hpp"

struct CUevent_st;

namespace millrace {

using kernels::StreamView;

class Stream {
 public:
  Stream();  // of the current device; does not wait for the default stream

  [[nodiscard]] StreamView view() const { return stream_.get(); }
  void wait() const;  // until all that was queued is done; throws what went wrong in it

 private:
  struct Destroy {
    void operator()(StreamView stream) const noexcept;
  };
  std::unique_ptr<CUstream_st, Destroy> stream_;
};

class Event {
 public:
  Event();

  void record(StreamView stream);
  [[nodiscard]] bool done() const;  // or never recorded; throws what went wrong before it
  void wait() const;

 private:
  struct Destroy {
    void operator()(CUevent_st* event) const noexcept;
  };
  std::unique_ptr<CUevent_st, Destroy> event_;
};

}  // namespace millrace
