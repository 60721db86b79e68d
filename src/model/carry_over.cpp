#include "model/carry_over.hpp"

#include <algorithm>
#include <map>

#include "base/error.hpp"

namespace millrace {

namespace {

// A step that is one categorical input.
struct IdTable {
  std::string name;
  std::vector<std::string> rows;  // what each is for
  std::uint32_t dimension = 0;
};

std::vector<std::string> numbered(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(std::to_string(i));
  return names;
}

std::vector<IdTable> tables_of(const FeaturePlan& plan) {
  std::vector<IdTable> tables;
  for (const FeatureStep& step : plan.steps) {
    if (const auto* embedding = std::get_if<Embedding>(&step.transform)) {
      std::vector<std::string> rows{"missing", "rare"};
      for (const std::string& level : embedding->vocabulary.levels()) rows.push_back("level " + level);
      tables.push_back({step.column, std::move(rows), embedding->dimension});
    } else if (const auto* bins = std::get_if<Bins>(&step.transform)) {
      tables.push_back({step.column + " in bins", numbered(bins->edges.size() + 2), bins->dimension});
    }
  }
  return tables;
}

// Of each of the network's inputs, in order.
std::vector<std::string> input_names(const FeaturePlan& plan) {
  std::vector<std::string> names = plan.numeric_names();
  for (const IdTable& table : tables_of(plan)) {
    for (std::uint32_t i = 0; i < table.dimension; ++i)
      names.push_back(fmt::format("embedding of {}, {}", table.name, i));
  }
  return names;
}

std::map<std::string, std::size_t> numbers_of(const std::vector<std::string>& names) {
  std::map<std::string, std::size_t> numbers;
  for (std::size_t i = 0; i < names.size(); ++i) numbers.emplace(names[i], i);
  return numbers;
}

class Carrying {
 public:
  Carrying(const FeaturePlan& from, const Network& network, const FeaturePlan& to, const NetworkSpec& spec,
           std::uint64_t seed)
      : from_(from),
        to_(to),
        old_layout_(network.spec()),
        layout_(spec),
        old_(network.parameters()),
        parameters_(initial_parameters(spec, seed)) {}

  std::vector<float> carry() && {
    copy_embeddings();
    const auto inputs = numbers_of(input_names(from_));
    const std::vector<std::string> names = input_names(to_);
    const std::string first = layout_.slices().empty() ? "" : first_layer();
    for (const ParameterSlice& slice : layout_.slices()) {
      if (slice.name.starts_with("embedding.")) continue;
      const bool of_inputs = slice.name == first || slice.name == "skip.weight";
      of_inputs ? copy_columns(slice, names, inputs) : copy_whole(slice);
    }
    return std::move(parameters_);
  }

 private:
  [[nodiscard]] std::string first_layer() const {
    const auto& slices = layout_.slices();
    const auto is_hidden = [](const ParameterSlice& slice) { return slice.name == "hidden.0.weight"; };
    return std::ranges::any_of(slices, is_hidden) ? "hidden.0.weight" : "output.weight";
  }

  void copy_whole(const ParameterSlice& slice) {
    const ParameterSlice& old = old_layout_[slice.name];
    if (old.rows != slice.rows || old.columns != slice.columns)
      throw internal_error("'{}' of another size is carried over", slice.name);
    std::copy_n(old_.begin() + static_cast<std::ptrdiff_t>(old.offset), old.size(),
                parameters_.begin() + static_cast<std::ptrdiff_t>(slice.offset));
  }

  void copy_columns(const ParameterSlice& slice, const std::vector<std::string>& names,
                    const std::map<std::string, std::size_t>& inputs) {
    const ParameterSlice& old = old_layout_[slice.name];
    for (std::size_t column = 0; column < names.size(); ++column) {
      const auto known = inputs.find(names[column]);
      if (known == inputs.end()) continue;
      for (std::size_t row = 0; row < slice.rows; ++row) {
        parameters_[slice.offset + row * slice.columns + column] =
            old_[old.offset + row * old.columns + known->second];
      }
    }
  }

  void copy_embeddings() {
    const std::vector<IdTable> old_tables = tables_of(from_);
    const std::vector<IdTable> tables = tables_of(to_);
    for (std::size_t t = 0; t < tables.size(); ++t) {
      const auto same = std::ranges::find(old_tables, tables[t].name, &IdTable::name);
      if (same == old_tables.end()) continue;
      const auto number = std::to_string(same - old_tables.begin());
      copy_rows(layout_["embedding." + std::to_string(t)], tables[t], old_layout_["embedding." + number],
                *same);
    }
  }

  void copy_rows(const ParameterSlice& slice, const IdTable& table, const ParameterSlice& old,
                 const IdTable& old_table) {
    const auto rows = numbers_of(old_table.rows);
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      const auto known = rows.find(table.rows[row]);
      if (known == rows.end()) continue;
      const std::size_t from = old.offset + known->second * old.columns;
      std::copy_n(old_.begin() + static_cast<std::ptrdiff_t>(from), old.columns,
                  parameters_.begin() + static_cast<std::ptrdiff_t>(slice.offset + row * slice.columns));
    }
  }

  const FeaturePlan& from_;
  const FeaturePlan& to_;
  ParameterLayout old_layout_;
  ParameterLayout layout_;
  std::span<const float> old_;
  std::vector<float> parameters_;
};

}  // namespace

std::string obstacle_to_carrying(const FeaturePlan& from, const NetworkSpec& old, const FeaturePlan& to,
                                 const NetworkSpec& spec) {
  if (old.hidden != spec.hidden) return "its hidden layers have other units";
  if (old.activation != spec.activation) return "its activation is another";
  if (old.task != spec.task || old.n_outputs != spec.n_outputs) return "it has other outputs";
  if (old.skip != spec.skip) return "one has a linear path, the other none";
  const std::vector<IdTable> old_tables = tables_of(from);
  for (const IdTable& table : tables_of(to)) {
    const auto same = std::ranges::find(old_tables, table.name, &IdTable::name);
    if (same != old_tables.end() && same->dimension != table.dimension)
      return fmt::format("'{}' has an embedding of another dimension", table.name);
  }
  return "";
}

std::vector<float> carry_over(const FeaturePlan& from, const Network& network, const FeaturePlan& to,
                              const NetworkSpec& spec, std::uint64_t seed) {
  const std::string obstacle = obstacle_to_carrying(from, network.spec(), to, spec);
  if (!obstacle.empty()) throw internal_error("weights are carried over, though {}", obstacle);
  return Carrying(from, network, to, spec, seed).carry();
}

}  // namespace millrace
