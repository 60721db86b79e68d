#include "serving/protocol/occlusion.hpp"

#include <algorithm>
#include <cmath>

namespace millrace {

namespace {

// Which of a row's outputs is explained: the likeliest class', where there is one for each.
std::size_t explained_output(std::span<const float> row) {
  return static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
}

void hide(Column& column) {
  std::ranges::fill(column.valid, std::uint8_t{0});
}

}  // namespace

std::vector<std::vector<Reason>> find_reasons(const ServedModel& model, const ScoringMemory& memory,
                                              std::uint64_t count) {
  const std::size_t width = model.outputs();
  std::vector<std::vector<Reason>> reasons(memory.table.rows());
  const auto occluded = model.lend_memory();
  occluded->table = memory.table;
  for (std::size_t c = 0; c < memory.table.columns.size(); ++c) {
    hide(occluded->table.columns[c]);
    model.score(*occluded);
    occluded->table.columns[c] = memory.table.columns[c];
    for (std::size_t row = 0; row < reasons.size(); ++row) {
      const std::span given(memory.predictions.data() + row * width, width);
      const std::size_t output = explained_output(given);
      reasons[row].push_back({c, given[output] - occluded->predictions[row * width + output]});
    }
  }
  for (auto& list : reasons) {
    std::ranges::stable_sort(list, std::greater(), [](const Reason& r) { return std::abs(r.contribution); });
    if (list.size() > count) list.resize(count);
  }
  return reasons;
}

}  // namespace millrace
