// With P positive and N negative rows the area is (2·wins + ties) / (2·P·N), counted over all pairs of a
// positive and a negative row: a ratio of integers, so it is the same for any number of ranks. Each rank
// sends its runs of equal scores to the rank that owns that range of scores; a rank then counts the pairs
// whose positive row lies in its range. Many equal scores travel as one run, so ties fill no rank's memory.
#include "evaluation/auc.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <string>

#include "base/digest.hpp"
#include "evaluation/metrics.hpp"

namespace millrace {

namespace {

__extension__ using Uint128 = unsigned __int128;  // 2·P·N may be beyond 64 bits

// Rows with the same score.
struct Run {
  std::uint32_t key = 0;
  std::uint32_t negatives = 0;
  std::uint32_t positives = 0;
};

std::uint64_t rows_of(const std::vector<LabelledScores>& parts) {
  std::uint64_t rows = 0;
  for (const LabelledScores& part : parts) rows += part.scores.size();
  return rows;
}

// Keys with the class in the lowest bit, ascending.
std::vector<std::uint64_t> sorted_keys(const std::vector<LabelledScores>& parts) {
  std::vector<std::uint64_t> keys;
  keys.reserve(rows_of(parts));
  for (const auto& [scores, targets] : parts) {
    for (std::size_t row = 0; row < scores.size(); ++row) {
      keys.push_back(std::uint64_t{order_key(scores[row])} << 1U | (targets[row] != 0 ? 1U : 0U));
    }
  }
  std::ranges::sort(keys);
  return keys;
}

// In ascending order of score. A key may have two runs where one cannot count its rows.
std::vector<Run> runs_of(const std::vector<std::uint64_t>& sorted) {
  constexpr std::uint32_t kFull = std::numeric_limits<std::uint32_t>::max();
  std::vector<Run> runs;
  for (const std::uint64_t labelled : sorted) {
    const auto key = static_cast<std::uint32_t>(labelled >> 1U);
    const bool same = !runs.empty() && runs.back().key == key;
    if (!same || std::max(runs.back().negatives, runs.back().positives) == kFull) runs.push_back({key, 0, 0});
    ++((labelled & 1U) != 0 ? runs.back().positives : runs.back().negatives);
  }
  return runs;
}

// What each rank gets of these runs, as bytes.
std::vector<std::string> deal(const std::vector<Run>& runs, const std::vector<int>& owner, int ranks) {
  std::vector<std::string> to(static_cast<std::size_t>(ranks));
  for (auto start = runs.begin(); start != runs.end();) {
    const int rank = owner[ScoreHistogram::bin_of(start->key)];
    const auto end = std::find_if(
        start, runs.end(), [&](const Run& run) { return owner[ScoreHistogram::bin_of(run.key)] != rank; });
    to[static_cast<std::size_t>(rank)] = as_bytes_view(std::span<const Run>(start, end));
    start = end;
  }
  return to;
}

std::vector<Run> collect_runs(const std::vector<std::string>& from) {
  std::vector<Run> runs;
  for (const std::string& bytes : from) {
    const std::size_t before = runs.size();
    runs.resize(before + bytes.size() / sizeof(Run));
    if (!bytes.empty()) std::memcpy(runs.data() + before, bytes.data(), bytes.size());
  }
  std::ranges::sort(runs, {}, &Run::key);
  return runs;
}

std::uint64_t negatives_in(const std::vector<Run>& runs) {
  std::uint64_t rows = 0;
  for (const Run& run : runs) rows += run.negatives;
  return rows;
}

// 2·wins + ties of the positive rows in `runs`, which lie above `negatives_below` rows of lower ranks.
Uint128 doubled_wins(const std::vector<Run>& runs, std::uint64_t negatives_below) {
  Uint128 sum = 0;
  for (auto start = runs.begin(); start != runs.end();) {
    std::uint64_t negatives = 0;
    std::uint64_t positives = 0;
    auto end = start;
    for (; end != runs.end() && end->key == start->key; ++end) {
      negatives += end->negatives;
      positives += end->positives;
    }
    sum += Uint128{positives} * (2 * Uint128{negatives_below} + negatives);
    negatives_below += negatives;
    start = end;
  }
  return sum;
}

// In parts of 32 bits, which leave room for the carries of four billion ranks.
Uint128 sum_over_ranks(const Communicator& comm, Uint128 value) {
  std::array<std::uint64_t, 4> parts{};
  for (std::uint64_t& part : parts) {
    part = static_cast<std::uint32_t>(value);
    value >>= 32U;
  }
  comm.all_reduce(std::span<std::uint64_t>(parts), Reduce::kSum);
  Uint128 sum = 0;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) sum = (sum << 32U) + *part;
  return sum;
}

}  // namespace

std::vector<int> score_owners(const ScoreHistogram& histogram, int ranks) {
  const std::uint64_t rows = histogram.negative_rows() + histogram.positive_rows();
  std::vector<int> owner(ScoreHistogram::kBins);
  std::uint64_t below = 0;
  for (std::size_t bin = 0; bin < owner.size(); ++bin) {
    const auto position = Uint128{below} * static_cast<unsigned>(ranks) / rows;
    owner[bin] = std::min(static_cast<int>(position), ranks - 1);
    below += histogram.negatives[bin] + histogram.positives[bin];
  }
  return owner;
}

double exact_auc(const Communicator& comm, const std::vector<LabelledScores>& mine,
                 const ScoreHistogram& histogram) {
  const Uint128 pairs = Uint128{histogram.negative_rows()} * histogram.positive_rows();
  if (pairs == 0) return std::numeric_limits<double>::quiet_NaN();
  const auto outgoing = comm.agree(
      [&] { return deal(runs_of(sorted_keys(mine)), score_owners(histogram, comm.size()), comm.size()); });
  const auto incoming = comm.all_to_all(outgoing);
  const auto runs = comm.agree([&] { return collect_runs(incoming); });
  const std::uint64_t negatives_below = comm.exclusive_sum(negatives_in(runs));
  const Uint128 sum = sum_over_ranks(comm, doubled_wins(runs, negatives_below));
  return static_cast<double>(sum) / static_cast<double>(2 * pairs);
}

double exact_auc(const Communicator& comm, const std::vector<float>& scores,
                 const std::vector<float>& targets) {
  comm.agree([&] {
    if (scores.size() != targets.size()) {
      throw internal_error("{} scores with {} targets", scores.size(), targets.size());
    }
  });
  const std::vector<LabelledScores> mine{{scores, targets}};
  return exact_auc(comm, mine, score_histogram(comm, mine));
}

}  // namespace millrace
