// bench_csv probe|typed THREADS FILE...: best seconds of three and processor seconds as JSON, with rows and
// sums.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "base/allocator.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/time.hpp"
#include "work.hpp"

namespace millrace::bench {

namespace {

constexpr std::uint64_t kBlock = std::uint64_t{8} << 20U;

struct Block {
  const ReadableFile* file;
  CsvRange range;
};

// Where each block's quotes and lines stand is not asked: generated data has no line breaks in quotes.
std::vector<Block> blocks_of(const std::vector<ReadableFile>& files) {
  std::vector<Block> blocks;
  for (const ReadableFile& file : files) {
    for (std::uint64_t begin = 0; begin < file.size(); begin += kBlock) {
      std::vector<char> before(begin > 0 ? 4096 : 0);
      if (begin > 0) file.read_at(begin - before.size(), before);
      const auto line = std::find(before.rbegin(), before.rend(), '\n');
      const std::string_view open(before.data() + (line.base() - before.begin()),
                                  static_cast<std::size_t>(line - before.rbegin()));
      const QuoteState state = advance_quotes(QuoteState::kReady, open, CsvDialect());
      blocks.push_back({&file, {begin, std::min(begin + kBlock, file.size()), state}});
    }
  }
  return blocks;
}

void run(const std::string& what, std::size_t threads, const std::vector<ReadableFile>& files) {
  const auto work = what == "probe" ? probe : typed_parse;
  const std::vector<Block> blocks = blocks_of(files);
  double best = 1e9;
  double used = 0;
  Totals totals;
  for (int round = 0; round < 3; ++round) {
    totals = {};
    const double before = processor_seconds();
    const Stopwatch watch;
    ordered_parallel(
        blocks.size(), threads, [&](std::size_t i) { return work(*blocks[i].file, blocks[i].range); },
        [&](std::size_t, const Totals& of_block) { totals.add(of_block); });
    if (watch.seconds() < best) {
      best = watch.seconds();
      used = processor_seconds() - before;
    }
  }
  fmt::print("{{\"seconds\": {}, \"cpu_seconds\": {}, \"rows\": {}, \"sums\": [{}], \"check\": {}}}\n", best,
             used, totals.rows, fmt::join(totals.sums, ", "), totals.check);
}

}  // namespace

}  // namespace millrace::bench

int main(int argc, char** argv) {
  millrace::keep_freed_memory();
  try {
    std::vector<millrace::ReadableFile> files;
    for (int i = 3; i < argc; ++i) files.emplace_back(argv[i]);
    millrace::bench::run(argv[1], std::strtoul(argv[2], nullptr, 10), files);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_csv: %s\n", error.what());
    return 1;
  }
}
