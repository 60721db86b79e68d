// A load on an HTTP server, and what came of it.
//
// Closed: each connection asks again as soon as it is answered, which finds out how much the server can do.
// Open: requests are due at times that do not depend on the answers, and each latency is counted from when
// its request was due, not from when a connection was free to send it. Else a server that stalls for a second
// would show one slow answer instead of a second's worth of them ("coordinated omission": G. Tene, "How not
// to measure latency"; wrk2 corrects it in the same way).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "load/latency_histogram.hpp"
#include "load/schedule.hpp"

namespace millrace::load {

struct LoadPlan {
  std::string address;                // "127.0.0.1:8080"
  std::vector<std::string> requests;  // whole HTTP requests, see http_post(): asked in turn
  double rate = 0;                    // requests a second; 0: a closed load
  Arrivals arrivals = Arrivals::kPoisson;
  std::uint64_t seed = 1;          // of the arrivals
  std::uint32_t connections = 16;  // at most so many requests are under way
  std::uint32_t threads = 1;
  double warmup_seconds = 1;  // not counted
  double seconds = 10;
  double timeout_seconds = 10;  // for an answer, and for a connection to become free
  double interval_seconds = 1;  // of LoadResult::timeline
  // Go on after a 4xx (but 429) and without a server. Otherwise both end the load with an error.
  bool keep_going = false;
  // Never sleep between requests: exact to the microsecond, where each thread has a core to itself.
  bool spin = false;
};

// Why a request that was sent has no answer.
enum class Failure : std::size_t { kClosed, kTimeout, kMalformed };
inline constexpr std::array kFailureNames{"closed", "timeout", "malformed"};

// By when answers came.
struct Interval {
  std::uint64_t ok = 0;       // 2xx
  std::uint64_t other = 0;    // other statuses
  std::uint64_t failed = 0;   // see Failure
  std::uint64_t slowest = 0;  // nanoseconds from due to the answer, of the 2xx
};

// But for the timeline, of the requests that were due after the warm-up: requests = statuses + failures.
struct LoadResult {
  LatencyHistogram latency;  // of the 2xx: nanoseconds from when it was due
  LatencyHistogram service;  // … from when it was sent
  std::map<int, std::uint64_t> statuses;
  std::array<std::uint64_t, kFailureNames.size()> failures{};
  std::uint64_t requests = 0;          // sent
  std::uint64_t unsent = 0;            // due, but no connection became free in time
  std::uint64_t connect_failures = 0;  // warm-up included
  std::vector<Interval> timeline;      // from the warm-up's end on
  double seconds = 0;                  // that were measured: fewer than planned after a stop signal
  double generator_seconds = 0;        // that this side computed, warm-up included
  std::uint64_t answers = 0;           // answers of any kind in that time

  void merge(const LoadResult& other);
  // 2xx a second while the load lasted.
  [[nodiscard]] double throughput() const;
};

// Throws kUsage for a plan that makes no sense, kUnreachableServer, kRefusedRequest with the answer's body.
LoadResult run_load(const LoadPlan& plan);

// `authorization`: that header's value; "" without.
std::string http_post(const std::string& address, const std::string& target, const std::string& body,
                      const std::string& authorization = "");

}  // namespace millrace::load
