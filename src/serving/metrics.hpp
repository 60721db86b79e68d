// What /metrics shows: Triton's counters under Triton's names, so that its dashboards fit, and a latency
// histogram, which counters cannot give. Counting is lock-free; only reading and new versions take a lock.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/http.hpp"

namespace millrace {

// Where the time of one request went: laps follow each other without gaps.
class LapClock {
 public:
  enum Lap : std::size_t { kInput, kInfer, kOutput, kLaps };
  void lap(Lap which) {
    const auto now = Clock::now();
    nanoseconds_[which] = elapsed(last_, now);
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

// The counts of one model version. Thread-safe.
class ModelMetrics {
 public:
  using Counter = std::atomic<std::uint64_t>;
  // Upper borders in seconds; one more bucket holds what is above all of them.
  static constexpr std::array kBorders{50e-6, 100e-6, 200e-6, 500e-6, 1e-3, 2e-3, 5e-3,
                                       10e-3, 20e-3,  50e-3,  100e-3, 0.2,  0.5,  1.0};

  ModelMetrics(std::string model, std::uint64_t version);

  void succeeded(std::size_t rows, const LapClock& clock);
  void refused();  // the request was wrong
  void failed();   // the server was

  const std::string model;
  const std::uint64_t version;
  const std::string labels;  // model="churn",version="7"

  Counter requests{0}, rows{0}, executions{0}, refusals{0}, failures{0};
  Counter request_ns{0}, input_ns{0}, infer_ns{0}, output_ns{0};
  std::array<Counter, kBorders.size() + 1> buckets{};
};

class Metrics {
 public:
  explicit Metrics(std::shared_ptr<const HttpCounters> http) : http_(std::move(http)) {}

  // The counts of this version: new ones, or those from when it was served before.
  std::shared_ptr<ModelMetrics> of(const std::string& model, std::uint64_t version);
  void switched() { switches_.fetch_add(1, std::memory_order_relaxed); }
  void switch_failed() { failed_switches_.fetch_add(1, std::memory_order_relaxed); }
  // Prometheus text format 0.0.4. `current` is the version that answers now.
  [[nodiscard]] std::string text(const ModelMetrics& current) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<ModelMetrics>> models_;
  std::shared_ptr<const HttpCounters> http_;
  ModelMetrics::Counter switches_{0}, failed_switches_{0};
};

}  // namespace millrace
