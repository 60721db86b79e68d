#include "training/cuda/stream.hpp"

#include "training/cuda/cuda_check.hpp"

namespace millrace {

Stream::Stream() {
  StreamView stream = nullptr;
  check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "making a GPU stream");
  stream_.reset(stream);
}
void Stream::Destroy::operator()(StreamView stream) const noexcept {
  (void)cudaStreamDestroy(stream);
}
void Stream::wait() const {
  check(cudaStreamSynchronize(view()), "waiting for the GPU");
}

Event::Event() {
  cudaEvent_t event = nullptr;
  check(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), "making a GPU event");
  event_.reset(event);
}
void Event::Destroy::operator()(CUevent_st* event) const noexcept {
  (void)cudaEventDestroy(event);
}
void Event::record(StreamView stream) {
  check(cudaEventRecord(event_.get(), stream), "marking a place in a GPU stream");
}
bool Event::done() const {
  const cudaError_t code = cudaEventQuery(event_.get());
  if (code == cudaErrorNotReady) return false;
  check(code, "waiting for the GPU");
  return true;
}
void Event::wait() const {
  check(cudaEventSynchronize(event_.get()), "waiting for the GPU");
}

}  // namespace millrace
