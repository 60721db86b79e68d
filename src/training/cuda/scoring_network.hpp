// A network's forward pass for scoring, in fp32: what training's evaluation does, for any number of threads.
//
// Each of two lanes has a stream, activations and pinned memory of its own: while one thread's rows are
// packed and copied the other's are computed. More lanes would cost memory and share the same device; threads
// beyond wait for their turn. Batches are made in pieces of at most kRowsAtOnce rows, which bounds that
// memory.
#pragma once

#include <condition_variable>
#include <mutex>

#include "device/module.hpp"
#include "training/cuda/device_network.hpp"

namespace millrace {

class ScoringNetwork final : public NetworkOnDevice {
 public:
  static constexpr std::size_t kLanes = 2;
  static constexpr std::size_t kRowsAtOnce = 16384;

  ScoringNetwork(int device, const Network& network);

  void forward(const BatchView& batch, std::span<float> logits) override;

 private:
  struct Lane {
    explicit Lane(const NetworkSpec& spec) : network(spec, Precision::kFp32) {}
    Stream stream;
    DeviceNetwork<float> network;
    DeviceBatch batch;
    PinnedBuffer<float> logits;
  };
  class Turn;

  void forward(const BatchView& batch, Lane& lane, std::span<float> logits);

  int device_;
  NetworkSpec spec_;
  DeviceBuffer<float> parameters_;
  std::mutex mutex_;  // of what follows
  std::condition_variable given_back_;
  std::size_t taken_ = 0;
  std::vector<std::unique_ptr<Lane>> idle_;
};

}  // namespace millrace
