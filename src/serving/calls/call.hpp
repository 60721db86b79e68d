// One request to a model, from its body to its answer. Internal to serving/.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/http.hpp"
#include "serving/metrics.hpp"
#include "serving/models/served.hpp"
#include "serving/protocol/infer.hpp"

namespace millrace {

enum class Protocol : std::uint8_t { kInfer, kPredict };

struct Call {
  using Clock = std::chrono::steady_clock;

  HttpExchange* exchange = nullptr;  // none once it is answered
  Protocol protocol = Protocol::kInfer;
  std::shared_ptr<const Served> served;  // keeps the models
  const Arm* arm = nullptr;              // that answers, one of served's
  bool asked_version = false;            // by its number: no other may answer
  std::string name;                      // of the model, as the client wrote it
  std::string id;                        // the client's, or given where one is needed; else ""
  bool repeats_id = false;               // it was in the body, so the answer has it
  std::string route_key;                 // what decides the arm
  std::uint32_t bucket = 0;              // of it
  std::uint64_t reasons = 0;
  std::optional<Clock::time_point> deadline;
  std::vector<AskedOutput> outputs;
  std::optional<MemoryPool::Lease> memory;  // the arm's model's; ends before `served`
  LapClock clock;

  [[nodiscard]] std::size_t rows() const { return (*memory)->table.rows(); }
  [[nodiscard]] bool is_late() const { return deadline && Clock::now() > *deadline; }
  void clear();  // as new, but strings and lists keep their memory
};

// Lends calls; thread-safe. Calls that are lent must come back before the pool ends.
class CallPool {
 public:
  struct Return {
    CallPool* pool;
    void operator()(Call* call) const { pool->give_back(std::unique_ptr<Call>(call)); }
  };
  using Lease = std::unique_ptr<Call, Return>;

  Lease lend();

 private:
  void give_back(std::unique_ptr<Call> call);

  std::mutex mutex_;
  std::vector<std::unique_ptr<Call>> idle_;
};
using CallLease = CallPool::Lease;

}  // namespace millrace
