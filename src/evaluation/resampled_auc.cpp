// As auc.cpp counts pairs, with weights: each rank gets the rows of one range of scores and goes through them
// in order, for all resamples of a block at once.
#include <algorithm>
#include <cstring>
#include <limits>
#include <string>

#include "base/digest.hpp"
#include "evaluation/auc.hpp"
#include "evaluation/resamples.hpp"

namespace millrace {

namespace {

struct ScoredRow {
  std::uint32_t key = 0;  // order_key of the score
  std::uint32_t shard = 0;
  std::uint64_t position = 0;
  std::uint64_t positive = 0;  // 0 or 1; as wide as it is, so that there is no padding to be sent
};

using Counts = std::array<std::uint64_t, kResampleBlock>;

// Of one rank's range of scores: rows by class, and 2·wins + ties among them.
struct Area {
  Counts negatives{};
  Counts positives{};
  Counts doubled_wins{};
};

std::vector<std::string> deal(const std::vector<LabelledScores>& mine,
                              const std::vector<std::uint32_t>& shards, const std::vector<int>& owner,
                              int ranks) {
  std::vector<std::vector<ScoredRow>> to(static_cast<std::size_t>(ranks));
  for (std::size_t i = 0; i < mine.size(); ++i) {
    for (std::size_t row = 0; row < mine[i].scores.size(); ++row) {
      const std::uint32_t key = order_key(mine[i].scores[row]);
      to[static_cast<std::size_t>(owner[ScoreHistogram::bin_of(key)])].push_back(
          {key, shards[i], row, mine[i].targets[row] != 0 ? 1U : 0U});
    }
  }
  std::vector<std::string> bytes;
  for (const auto& rows : to) bytes.emplace_back(as_bytes_view(std::span<const ScoredRow>(rows)));
  return bytes;
}

std::vector<ScoredRow> collect_rows(const std::vector<std::string>& from) {
  std::vector<ScoredRow> rows;
  for (const std::string& bytes : from) {
    const std::size_t before = rows.size();
    rows.resize(before + bytes.size() / sizeof(ScoredRow));
    if (!bytes.empty()) std::memcpy(rows.data() + before, bytes.data(), bytes.size());
  }
  std::ranges::sort(rows, {}, &ScoredRow::key);
  return rows;
}

void add(const Weights& weights, Counts& to) {
  for (std::size_t b = 0; b < kResampleBlock; ++b) to[b] += weights[b];
}

// Rows of equal score: among themselves they are ties.
void add_tied(const Counts& negatives, const Counts& positives, Area& area) {
  for (std::size_t b = 0; b < kResampleBlock; ++b) {
    area.doubled_wins[b] += positives[b] * (2 * area.negatives[b] + negatives[b]);
    area.negatives[b] += negatives[b];
    area.positives[b] += positives[b];
  }
}

Area area_of(const std::vector<ScoredRow>& rows, std::uint64_t key) {
  Area area;
  for (auto row = rows.begin(); row != rows.end();) {
    Counts negatives{};
    Counts positives{};
    const std::uint32_t score = row->key;
    for (; row != rows.end() && row->key == score; ++row) {
      add(poisson_weights(key, row->shard, row->position), row->positive != 0 ? positives : negatives);
    }
    add_tied(negatives, positives, area);
  }
  return area;
}

// The ranges of scores in order, put together.
Area sum_over_ranks(const Communicator& comm, const Area& mine) {
  Area total;
  for (const std::string& bytes : comm.all_gather(as_bytes_view(std::span(&mine, 1)))) {
    Area area;
    std::memcpy(&area, bytes.data(), sizeof(Area));
    for (std::size_t b = 0; b < kResampleBlock; ++b) {
      total.doubled_wins[b] += area.doubled_wins[b] + 2 * area.positives[b] * total.negatives[b];
      total.negatives[b] += area.negatives[b];
      total.positives[b] += area.positives[b];
    }
  }
  return total;
}

}  // namespace

std::vector<double> resampled_auc(const Communicator& comm, const std::vector<LabelledScores>& mine,
                                  const std::vector<std::uint32_t>& shards, std::size_t blocks) {
  const ScoreHistogram histogram = score_histogram(comm, mine);
  const auto outgoing =
      comm.agree([&] { return deal(mine, shards, score_owners(histogram, comm.size()), comm.size()); });
  const auto incoming = comm.all_to_all(outgoing);
  const auto rows = comm.agree([&] { return collect_rows(incoming); });
  std::vector<double> areas;
  for (std::size_t block = 0; block < blocks; ++block) {
    const Area area = sum_over_ranks(comm, area_of(rows, resample_key(block)));
    for (std::size_t b = 0; b < kResampleBlock; ++b) {
      const double pairs = static_cast<double>(area.positives[b]) * static_cast<double>(area.negatives[b]);
      areas.push_back(pairs > 0 ? static_cast<double>(area.doubled_wins[b]) / (2 * pairs)
                                : std::numeric_limits<double>::quiet_NaN());
    }
  }
  return areas;
}

}  // namespace millrace
