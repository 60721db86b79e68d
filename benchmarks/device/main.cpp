// The forward pass of one batch on a CPU core and on the GPU, over networks and numbers of rows, as Markdown.
//   bench_device            exit code 6 where there is no GPU
#include <algorithm>
#include <chrono>
#include <cstdio>

#include <fmt/core.h>

#include "base/random.hpp"
#include "device/load_module.hpp"

namespace millrace {
namespace {

using Clock = std::chrono::steady_clock;

struct Case {
  const char* name;
  NetworkSpec spec;
};

std::vector<Case> cases() {
  return {
      {"30 → 64 → 32 → 1", {Task::kBinary, 30, {}, {64, 32}, 1, Activation::kRelu, 0, false}},
      {"54 (3 tables) → 512 → 256 → 128 → 1",
       {Task::kBinary, 30, {{1000, 16}, {50, 4}, {50, 4}}, {512, 256, 128}, 1, Activation::kRelu, 0, true}},
      {"100 → 1024 → 1024 → 1024 → 10",
       {Task::kMulticlass, 100, {}, {1024, 1024, 1024}, 10, Activation::kRelu, 0, false}}};
}

struct Rows {
  std::vector<float> numeric;
  std::vector<std::int32_t> categorical;
  BatchView view;

  Rows(const NetworkSpec& spec, std::size_t n) {
    CounterRandom random(n);
    for (std::size_t i = 0; i < n * spec.n_numeric; ++i)
      numeric.push_back(static_cast<float>(random.normal()));
    for (std::size_t r = 0; r < n; ++r) {
      for (const EmbeddingTable& table : spec.embeddings)
        categorical.push_back(static_cast<std::int32_t>(random.below(table.cardinality)));
    }
    view = {n, numeric, categorical};
  }
};

template <class Run>
double microseconds_of(const Run& run) {
  const auto start = Clock::now();
  run();
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

// The median of as many runs as fit into 0.15 s, of at least three, after one that is not counted; of runs
// that take seconds that one.
template <class Run>
double microseconds(const Run& run) {
  const double first = microseconds_of(run);
  if (first > 1e6) return first;
  std::vector<double> taken;
  const auto begin = Clock::now();
  while (taken.size() < 3 || (Clock::now() - begin < std::chrono::milliseconds(150) && taken.size() < 1000))
    taken.push_back(microseconds_of(run));
  std::ranges::sort(taken);
  return taken[taken.size() / 2];
}

void measure(ScoringModule& module, const Case& what) {
  const Network network(what.spec, initial_parameters(what.spec, 1));
  const auto on_gpu = module.make_network(0, network);
  Network::Workspace workspace;
  for (const std::size_t rows : {1U, 16U, 64U, 256U, 1024U, 4096U, 16384U, 65536U}) {
    const Rows batch(what.spec, rows);
    std::vector<float> logits(rows * what.spec.n_outputs);
    const double gpu = microseconds([&] { on_gpu->forward(batch.view, logits); });
    const double cpu = microseconds([&] { network.forward(batch.view, workspace, logits); });
    fmt::print("| {} | {} | {:.0f} | {:.0f} | {:.2f} |\n", what.name, rows, cpu, gpu, cpu / gpu);
    std::fflush(stdout);
  }
}

void run() {
  ScoringModule& module = load_scoring_module(find_usable_module());
  const std::string gpu = module.devices().front().name;
  fmt::print("| network | rows | one core, µs | {}, µs | times as fast |\n|---|---|---|---|---|\n", gpu);
  for (const Case& what : cases()) measure(module, what);
}

}  // namespace
}  // namespace millrace

int main() {
  try {
    millrace::run();
    return 0;
  } catch (...) {
    const millrace::Error error = millrace::current_error();
    std::fprintf(stderr, "bench_device: %s\n", error.what());
    return static_cast<int>(error.code());
  }
}
