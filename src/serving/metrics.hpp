// What a server counts of its models. Counting is lock-free; only new versions and reading take a lock.
// serving/metrics_text.cpp has what /metrics shows of it.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace millrace {

// The part that a version has in an endpoint's traffic. kExtra: asked for by its number alone.
enum class ArmKind : std::uint8_t { kCurrent, kCandidate, kPrevious, kExtra };
const char* to_string(ArmKind kind);

// Where the time of one request went: laps follow each other without gaps.
class LapClock {
 public:
  enum Lap : std::size_t { kInput, kQueue, kInfer, kOutput, kLaps };
  void lap(Lap which) {
    const auto now = Clock::now();
    nanoseconds_[which] += elapsed(last_, now);
    last_ = now;
  }
  [[nodiscard]] std::uint64_t nanoseconds(Lap which) const { return nanoseconds_[which]; }
  [[nodiscard]] std::uint64_t total_nanoseconds() const { return elapsed(start_, last_); }

 private:
  using Clock = std::chrono::steady_clock;
  static std::uint64_t elapsed(Clock::time_point from, Clock::time_point to) {
    return static_cast<std::uint64_t>(std::chrono::nanoseconds(to - from).count());
  }
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = start_;
  std::array<std::uint64_t, kLaps> nanoseconds_{};
};

using Counter = std::atomic<std::uint64_t>;
inline void add(Counter& counter, std::uint64_t value = 1) {
  counter.fetch_add(value, std::memory_order_relaxed);
}
inline std::uint64_t read(const Counter& counter) {
  return counter.load(std::memory_order_relaxed);
}

// Why a request was not answered; Triton's word for it in /metrics.
enum class Failure : std::uint8_t {
  kRefused,   // OTHER: the request was wrong
  kBackend,   // BACKEND: the model or the server failed
  kRejected,  // REJECTED: the queue was full
  kLate,      // CANCELED: its time ran out in the queue
};
inline constexpr std::array kFailureNames{"OTHER", "BACKEND", "REJECTED", "CANCELED"};

// How far the candidate's answers are from those that were given.
struct ShadowCounts {
  Counter compared{0}, agreed{0}, failed{0}, dropped{0};  // rows; requests for the last two
  std::atomic<double> sum_absolute_difference{0}, largest_difference{0};
};

// The counts of one version in one part. Thread-safe.
class ModelMetrics {
 public:
  // Upper borders in seconds; one more bucket holds what is above all of them.
  static constexpr std::array kBorders{50e-6, 100e-6, 200e-6, 500e-6, 1e-3, 2e-3, 5e-3,
                                       10e-3, 20e-3,  50e-3,  100e-3, 0.2,  0.5,  1.0};
  static constexpr std::size_t kBatchBuckets = 11;  // of 1, 2, 4, … 512 rows, and more

  ModelMetrics(std::string model, std::uint64_t version, ArmKind arm, std::size_t bins);

  void succeeded(std::size_t rows, const LapClock& clock);
  void executed(std::size_t rows);  // a forward pass
  void failed(Failure why) { add(failures[static_cast<std::size_t>(why)]); }

  const std::string model;
  const std::uint64_t version;
  const ArmKind arm;
  const std::string labels;  // model="churn",version="7",arm="current"

  Counter requests{0}, rows{0}, executions{0}, pending{0};
  Counter request_ns{0}, input_ns{0}, queue_ns{0}, infer_ns{0}, output_ns{0};
  std::array<Counter, kFailureNames.size()> failures{};
  std::array<Counter, kBorders.size() + 1> latencies{};
  std::array<Counter, kBatchBuckets> batches{};
  std::vector<Counter> predictions;  // by PredictionBins
  ShadowCounts shadow;
};

class Metrics {
 public:
  // The counts of this version in this part: new ones, or those from when it was served so before.
  std::shared_ptr<ModelMetrics> of(const std::string& model, std::uint64_t version, ArmKind arm,
                                   std::size_t bins);
  [[nodiscard]] std::vector<std::shared_ptr<const ModelMetrics>> all() const;

  Counter switches{0}, refused_switches{0};  // of endpoints that were followed

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<ModelMetrics>> models_;
};

}  // namespace millrace
