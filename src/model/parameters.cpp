#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "model/network.hpp"

namespace millrace {

namespace {

constexpr std::size_t kAlignment = 16;  // floats
constexpr double kEmbeddingDeviation = 0.05;

// The standard deviation that a slice is drawn with; 0 for biases.
double initial_deviation(const NetworkSpec& spec, const ParameterSlice& slice) {
  if (slice.name.starts_with("embedding.")) return kEmbeddingDeviation;
  if (!slice.decay) return 0;
  const double in = slice.columns;
  const double out = slice.rows;
  const bool he = slice.name.starts_with("hidden.") && spec.activation != Activation::kTanh;
  return he ? std::sqrt(2 / in) : std::sqrt(2 / (in + out));
}

}  // namespace

ParameterLayout::ParameterLayout(const NetworkSpec& spec) {
  for (std::size_t i = 0; i < spec.embeddings.size(); ++i) {
    add(fmt::format("embedding.{}", i), spec.embeddings[i].cardinality, spec.embeddings[i].dimension, false);
  }
  std::uint32_t width = spec.input_width();
  for (std::size_t i = 0; i < spec.hidden.size(); ++i) {
    add(fmt::format("hidden.{}.weight", i), spec.hidden[i], width, true);
    add(fmt::format("hidden.{}.bias", i), spec.hidden[i], 1, false);
    width = spec.hidden[i];
  }
  add("output.weight", spec.n_outputs, width, true);
  add("output.bias", spec.n_outputs, 1, false);
  if (spec.skip) add("skip.weight", spec.n_outputs, spec.input_width(), true);
}

void ParameterLayout::add(std::string name, std::uint32_t rows, std::uint32_t columns, bool decay) {
  slices_.push_back({std::move(name), size_, rows, columns, decay});
  const std::size_t size = slices_.back().size();
  count_ += size;
  size_ += (size + kAlignment - 1) / kAlignment * kAlignment;
}

const ParameterSlice& ParameterLayout::operator[](const std::string& name) const {
  const auto found = std::ranges::find(slices_, name, &ParameterSlice::name);
  if (found == slices_.end()) throw internal_error("the network has no parameters '{}'", name);
  return *found;
}

// He: K. He et al., "Delving deep into rectifiers", 2015, eq. 10. Glorot: X. Glorot, Y. Bengio,
// "Understanding the difficulty of training deep feedforward neural networks", 2010, eq. 12.
std::vector<float> initial_parameters(const NetworkSpec& spec, std::uint64_t seed) {
  const ParameterLayout layout(spec);
  std::vector<float> parameters(layout.size());
  for (std::size_t s = 0; s < layout.slices().size(); ++s) {
    const ParameterSlice& slice = layout.slices()[s];
    const double deviation = initial_deviation(spec, slice);
    if (deviation == 0) continue;
    CounterRandom random(derive_key({seed, s}));
    const std::span values = std::span(parameters).subspan(slice.offset, slice.size());
    for (float& value : values) value = static_cast<float>(deviation * random.normal());
  }
  return parameters;
}

}  // namespace millrace
