#include "evaluation/groups.hpp"

#include <cstring>

#include "base/digest.hpp"

namespace millrace {

namespace {

constexpr std::uint64_t kRowsOfOneRank = std::uint64_t{1} << 20U;

using ShardsByGroup = std::vector<std::vector<ScoredShard>>;

// The rows of each group, shard by shard.
ShardsByGroup split_rows(const std::vector<ScoredShard>& mine, const RowGroups& group_of_row,
                         std::size_t outputs, std::size_t groups) {
  ShardsByGroup split(groups);
  for (std::size_t i = 0; i < mine.size(); ++i) {
    for (auto& shards : split) shards.push_back({mine[i].shard, {}, {}});
    for (std::size_t row = 0; row < mine[i].targets.size(); ++row) {
      ScoredShard& to = split[group_of_row[i][row]].back();
      const auto predictions = std::span(mine[i].predictions).subspan(row * outputs, outputs);
      to.predictions.insert(to.predictions.end(), predictions.begin(), predictions.end());
      to.targets.push_back(mine[i].targets[row]);
    }
  }
  return split;
}

std::vector<std::uint64_t> count_rows(const Communicator& comm, const ShardsByGroup& split) {
  std::vector<std::uint64_t> rows;
  for (const auto& shards : split) {
    rows.push_back(0);
    for (const ScoredShard& shard : shards) rows.back() += shard.targets.size();
  }
  comm.all_reduce(std::span(rows), Reduce::kSum);
  return rows;
}

// What travels before a shard's targets and predictions.
struct Head {
  std::uint32_t group = 0;
  std::uint32_t shard = 0;
  std::uint64_t rows = 0;
};

void pack(std::uint32_t group, const ScoredShard& shard, std::string& to) {
  const Head head{group, shard.shard, shard.targets.size()};
  to += as_bytes_view(std::span<const Head>(&head, 1));
  to += as_bytes_view(std::span<const float>(shard.targets));
  to += as_bytes_view(std::span<const float>(shard.predictions));
}

void unpack(std::vector<float>& values, std::size_t count, std::string_view& from) {
  values.resize(count);
  if (count > 0) std::memcpy(values.data(), from.data(), count * sizeof(float));
  from.remove_prefix(count * sizeof(float));
}

void unpack_all(std::string_view from, std::size_t outputs, ShardsByGroup& to) {
  while (!from.empty()) {
    Head head;
    std::memcpy(&head, from.data(), sizeof(Head));
    from.remove_prefix(sizeof(Head));
    ScoredShard shard{head.shard, {}, {}};
    unpack(shard.targets, head.rows, from);
    unpack(shard.predictions, head.rows * outputs, from);
    to[head.group].push_back(std::move(shard));
  }
}

// Each group that is small has an owner, who evaluates it alone.
class SmallGroups {
 public:
  SmallGroups(const Communicator& comm, const std::vector<std::uint64_t>& rows) : comm_(comm), rows_(rows) {}

  [[nodiscard]] bool is_small(std::size_t group) const { return rows_[group] <= kRowsOfOneRank; }

  std::vector<Evaluation> evaluate(const ShardsByGroup& split, std::uint32_t shards,
                                   const EvaluationOptions& options) const {
    const auto incoming = comm_.all_to_all(comm_.agree([&] { return deal(split); }));
    const std::string mine = comm_.agree([&] {
      ShardsByGroup owned(rows_.size());
      for (const std::string& bytes : incoming) unpack_all(bytes, options.outputs, owned);
      return evaluate_owned(owned, shards, options).dump();
    });
    std::vector<Evaluation> all(rows_.size());
    for (const std::string& text : comm_.all_gather(mine)) {
      for (const Json& found : Json::parse(text))
        all.at(found[0].get<std::size_t>()) = {found[1].get<std::map<std::string, double>>(), found[2]};
    }
    return all;
  }

 private:
  [[nodiscard]] std::size_t owner(std::size_t group) const {
    return group % static_cast<std::size_t>(comm_.size());
  }

  [[nodiscard]] std::vector<std::string> deal(const ShardsByGroup& split) const {
    std::vector<std::string> to(static_cast<std::size_t>(comm_.size()));
    for (std::size_t group = 0; group < split.size(); ++group) {
      if (!is_small(group)) continue;
      for (const ScoredShard& shard : split[group]) {
        if (!shard.targets.empty()) pack(static_cast<std::uint32_t>(group), shard, to[owner(group)]);
      }
    }
    return to;
  }

  // [[group, metrics, curves], …]
  [[nodiscard]] Json evaluate_owned(const ShardsByGroup& owned, std::uint32_t shards,
                                    const EvaluationOptions& options) const {
    Json found = Json::array();
    for (std::size_t group = 0; group < owned.size(); ++group) {
      if (!is_small(group) || owner(group) != static_cast<std::size_t>(comm_.rank())) continue;
      const Evaluation evaluation = millrace::evaluate(Communicator::self(), owned[group], shards, options);
      found.push_back({group, evaluation.metrics, evaluation.curves});
    }
    return found;
  }

  const Communicator& comm_;
  const std::vector<std::uint64_t>& rows_;
};

}  // namespace

std::vector<Evaluation> evaluate_groups(const Communicator& comm, const std::vector<ScoredShard>& mine,
                                        std::uint32_t shards, const EvaluationOptions& options,
                                        const RowGroups& group_of_row, std::size_t groups) {
  const ShardsByGroup split =
      comm.agree([&] { return split_rows(mine, group_of_row, options.outputs, groups); });
  const auto rows = count_rows(comm, split);
  const SmallGroups small(comm, rows);
  std::vector<Evaluation> all = small.evaluate(split, shards, options);
  for (std::size_t group = 0; group < groups; ++group) {
    if (!small.is_small(group)) all[group] = evaluate(comm, split[group], shards, options);
  }
  return all;
}

}  // namespace millrace
