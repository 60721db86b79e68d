#include "training/row_source.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace millrace {

namespace {

constexpr std::size_t kOpenFiles = 64;

std::string target_fault(const NetworkSpec& spec, float target) {
  if (!std::isfinite(target)) return fmt::format("its target is {}", target);
  if (spec.task == Task::kBinary && (target < 0 || target > 1)) {
    return fmt::format("its target {} is not in [0, 1]", target);
  }
  const auto classes = static_cast<float>(spec.n_outputs);
  if (spec.task == Task::kMulticlass && (target < 0 || target >= classes || target != std::floor(target))) {
    return fmt::format("its target {} is no class of {}", target, spec.n_outputs);
  }
  return "";
}

}  // namespace

void RowSource::reserve(FeatureRows& rows, std::size_t count) const {
  rows.numeric.reserve(count * spec_.n_numeric);
  rows.categorical.reserve(count * spec_.embeddings.size());
  rows.target.reserve(count);
  rows.weight.reserve(count);
  rows.row.reserve(count);
}

RowSource::RowSource(const Communicator& comm, std::vector<std::string> paths, const NetworkSpec& spec)
    : paths_(std::move(paths)), starts_(paths_.size() + 1), spec_(spec) {
  std::vector<std::uint64_t> counts(paths_.size());
  comm.agree([&] {
    const auto ranks = static_cast<std::size_t>(comm.size());
    for (auto s = static_cast<std::size_t>(comm.rank()); s < paths_.size(); s += ranks) {
      counts[s] = reader(s).rows();
    }
  });
  comm.all_reduce(std::span(counts), Reduce::kSum);
  for (std::size_t s = 0; s < counts.size(); ++s) starts_[s + 1] = starts_[s] + counts[s];
}

FeatureShardReader& RowSource::reader(std::size_t shard) {
  if (const auto open = readers_.find(shard); open != readers_.end()) return open->second;
  if (readers_.size() >= kOpenFiles) readers_.clear();
  FeatureShardReader& opened = readers_.emplace(shard, FeatureShardReader(paths_[shard])).first->second;
  if (opened.n_numeric() != spec_.n_numeric || opened.n_categorical() != spec_.embeddings.size()) {
    throw internal_error("feature shard '{}' has {} numeric and {} categorical inputs, the network {} and {}",
                         paths_[shard], opened.n_numeric(), opened.n_categorical(), spec_.n_numeric,
                         spec_.embeddings.size());
  }
  return opened;
}

void RowSource::read(Range range, FeatureRows& to) {
  const auto after = std::ranges::upper_bound(starts_, range.first);
  auto shard = static_cast<std::size_t>(after - starts_.begin()) - 1;
  for (std::uint64_t at = range.first; at < range.end; ++shard) {
    const Range part{at, std::min(range.end, starts_[shard + 1])};
    const std::size_t before = to.rows;
    if (before == 0) reserve(to, range.size());
    reader(shard).read(part.first - starts_[shard], part.size(), to);
    check(to, before, shard);
    at = part.end;
  }
}

void RowSource::check(const FeatureRows& rows, std::size_t first, std::size_t shard) const {
  const std::size_t tables = spec_.embeddings.size();
  for (std::size_t r = first; r < rows.rows; ++r) {
    const std::string fault = target_fault(spec_, rows.target[r]);
    if (!fault.empty()) reject(rows, r, shard, fault);
    if (!(rows.weight[r] >= 0 && std::isfinite(rows.weight[r]))) {
      reject(rows, r, shard, fmt::format("its weight is {}", rows.weight[r]));
    }
    for (std::size_t t = 0; t < tables; ++t) {
      const std::int32_t id = rows.categorical[r * tables + t];
      if (id < 0 || static_cast<std::uint32_t>(id) >= spec_.embeddings[t].cardinality) {
        reject(rows, r, shard,
               fmt::format("categorical input {} has id {}, but its table has {} levels", t, id,
                           spec_.embeddings[t].cardinality));
      }
    }
  }
}

void RowSource::reject(const FeatureRows& rows, std::size_t row, std::size_t shard,
                       const std::string& reason) const {
  throw data_error("feature shard '{}', source row {}: {}", paths_[shard], rows.row[row], reason);
}

}  // namespace millrace
