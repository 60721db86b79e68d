#include "load/load.hpp"

#include <atomic>
#include <chrono>
#include <future>

#include <fmt/core.h>

#include "base/error.hpp"
#include "base/topics.hpp"
#include "load/address.hpp"
#include "load/worker.hpp"
#include "net/descriptors.hpp"

namespace millrace::load {

namespace {

void check(const LoadPlan& plan) {
  const auto require = [](bool holds, const char* what) {
    if (!holds) throw Error(Topic::kCommandLine, "{}", what);
  };
  require(!plan.requests.empty(), "a load needs a request to send");
  require(plan.threads > 0 && plan.connections >= plan.threads,
          "a load needs a thread, and a connection for each: see --threads and --connections");
  require(plan.rate >= 0 && plan.warmup_seconds >= 0, "--rate and --warmup cannot be negative");
  require(plan.seconds > 0 && plan.timeout_seconds > 0 && plan.interval_seconds > 0,
          "--duration, --timeout and --interval must be positive");
  if (make_room_for_connections(plan.connections) < plan.connections) {
    throw Error(Topic::kOpenFiles, "{} connections are more files than this process may open; see ulimit -Hn",
                plan.connections);
  }
}

}  // namespace

LoadResult run_load(const LoadPlan& plan) {
  check(plan);
  const Address address = reach(plan.address, plan.timeout_seconds);
  std::atomic<bool> abandoned = false;
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::future<LoadResult>> threads;
  for (unsigned i = 0; i < plan.threads; ++i) {
    threads.push_back(std::async(std::launch::async, [&plan, &address, &abandoned, start, i] {
      return Worker(plan, address, i, start, abandoned).run();
    }));
  }
  LoadResult result;
  for (auto& thread : threads) result.merge(thread.get());
  return result;
}

std::string http_post(const std::string& address, const std::string& target, const std::string& body,
                      const std::string& authorization) {
  const std::string who = authorization.empty() ? "" : fmt::format("Authorization: {}\r\n", authorization);
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: {}\r\n{}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
      target, address, who, body.size(), body);
}

}  // namespace millrace::load
