// bench_shards columns FILE...: all columns of data shards, as the stages read them.
// bench_shards rows FOLDER BYTES: feature shards of so many bytes are made there, and read as training reads
// them: in order, as lanes that stay in memory, and by groups of rows in another order, as lanes that do not.
// Every byte is compared with its check. Bytes a second on the clock and of one processor, best of three, as
// JSON.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <numeric>

#include <fmt/core.h>

#include "base/allocator.hpp"
#include "base/error.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "comm/session.hpp"
#include "storage/data_shard.hpp"
#include "training/lane_order.hpp"
#include "training/row_source.hpp"

namespace millrace::bench {

namespace {

constexpr std::size_t kRowsOfShard = 500'000;
constexpr std::uint64_t kRowsOfLane = 100'000;

std::string measured(std::uint64_t bytes, const std::function<void()>& work) {
  double best = 1e9;
  double used = 0;
  for (int round = 0; round < 3; ++round) {
    const double before = processor_seconds();
    const Stopwatch watch;
    work();
    if (watch.seconds() >= best) continue;
    best = watch.seconds();
    used = processor_seconds() - before;
  }
  const double size = static_cast<double>(bytes) / 1e9;
  return fmt::format("{{\"gbps\": {}, \"cpu_gbps\": {}}}", size / best, size / used);
}

void columns(const std::vector<std::string>& paths) {
  std::uint64_t bytes = 0;
  for (const std::string& path : paths) bytes += std::filesystem::file_size(path);
  fmt::print("{{\"columns\": {}}}\n", measured(bytes, [&] {
               for (const std::string& path : paths) (void)read_data_shard(path);
             }));
}

NetworkSpec spec() {
  return {Task::kBinary, 20, {{100, 4}, {100, 4}, {100, 4}}, {8}, 1, Activation::kRelu, 0, false};
}

FeatureRows made_rows(const NetworkSpec& spec, std::size_t rows) {
  CounterRandom random(7);
  FeatureRows made{rows, spec.n_numeric, spec.embeddings.size(), {}, {}, {}, {}, {}};
  for (std::size_t i = 0; i < rows * made.n_numeric; ++i)
    made.numeric.push_back(static_cast<float>(random.uniform()));
  for (std::size_t i = 0; i < rows * made.n_categorical; ++i)
    made.categorical.push_back(static_cast<std::int32_t>(random.below(100)));
  made.target.assign(rows, 1);
  made.weight.assign(rows, 1);
  made.row.resize(rows);
  std::iota(made.row.begin(), made.row.end(), 0);
  return made;
}

void read_lanes(RowSource& source) {
  for (std::uint64_t at = 0; at < source.rows(); at += kRowsOfLane) {
    FeatureRows rows;
    source.read({at, std::min(at + kRowsOfLane, source.rows())}, rows);
  }
}

// Windows of as many rows as a lane; a group begins anywhere.
void read_groups(RowSource& source) {
  const std::uint64_t groups = source.rows() / kGroupRows - 1;
  FeatureRows rows;
  for (std::uint64_t i = 0; i < groups; ++i) {
    if (rows.rows >= kRowsOfLane) rows.clear();
    const std::uint64_t first = i * 7919 % groups * kGroupRows + 123;
    source.read({first, first + kGroupRows}, rows);
  }
}

void rows(const std::string& folder, std::uint64_t bytes) {
  const FeatureRows made = made_rows(spec(), kRowsOfShard);
  std::vector<std::string> paths;
  for (std::uint64_t written = 0; written < bytes; written += std::filesystem::file_size(paths.back())) {
    paths.push_back(fmt::format("{}/features-{}.h5", folder, paths.size()));
    write_feature_shard(paths.back(), made);
  }
  RowSource source(Communicator::self(), paths, spec());
  const std::uint64_t size = paths.size() * std::filesystem::file_size(paths.front());
  fmt::print("{{\"lanes\": {}, ", measured(size, [&] { read_lanes(source); }));
  fmt::print("\"groups\": {}}}\n", measured(size, [&] { read_groups(source); }));
}

}  // namespace

}  // namespace millrace::bench

int main(int argc, char** argv) {
  millrace::keep_freed_memory();
  try {
    const millrace::MpiSession session;
    const std::vector<std::string> arguments(argv + 2, argv + argc);
    if (std::string(argv[1]) == "columns") {
      millrace::bench::columns(arguments);
    } else {
      millrace::bench::rows(arguments.at(0), std::strtoull(arguments.at(1).c_str(), nullptr, 10));
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_shards: %s\n", error.what());
    return 1;
  }
}
