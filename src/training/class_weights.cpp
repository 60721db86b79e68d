#include "training/class_weights.hpp"

#include <algorithm>
#include <cmath>

#include "base/topics.hpp"
#include "training/lane_order.hpp"

namespace millrace {

namespace {

// Each rank counts its share of the rows.
std::vector<std::uint64_t> count_classes(const Communicator& comm, std::size_t classes, RowSource& source) {
  std::vector<std::uint64_t> counts(classes);
  comm.agree([&] {
    const Range mine =
        deal(source.rows(), static_cast<std::uint64_t>(comm.size()), static_cast<std::uint64_t>(comm.rank()));
    for (std::uint64_t at = mine.first; at < mine.end; at += kGroupRows) {
      FeatureRows rows;
      source.read({at, std::min(at + kGroupRows, mine.end)}, rows);
      for (const float target : rows.target) ++counts[static_cast<std::size_t>(std::lround(target))];
    }
  });
  comm.all_reduce(std::span(counts), Reduce::kSum);
  return counts;
}

}  // namespace

std::vector<float> class_weights(const Communicator& comm, const NetworkSpec& spec,
                                 const TrainingConfig& config, RowSource& source) {
  if (config.class_weights == "none") return {};
  if (spec.task == Task::kRegression) {
    throw Error(Topic::kContradiction,
                "training.class_weights is '{}', but a regression has no classes: set it to 'none'",
                config.class_weights);
  }
  const std::size_t classes = std::max<std::size_t>(spec.n_outputs, 2);
  std::vector<float> weights(classes);
  const std::vector<std::uint64_t> counts = count_classes(comm, classes, source);
  for (std::size_t c = 0; c < classes; ++c) {
    const double share = static_cast<double>(classes) * static_cast<double>(counts[c]);
    weights[c] = counts[c] == 0 ? 0 : static_cast<float>(static_cast<double>(source.rows()) / share);
  }
  return weights;
}

}  // namespace millrace
