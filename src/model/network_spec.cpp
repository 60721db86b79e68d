#include <algorithm>
#include <array>
#include <numeric>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "model/network.hpp"

namespace millrace {

namespace {

constexpr std::array kActivations{"relu", "gelu", "tanh"};
constexpr std::array kTasks{"binary", "multiclass", "regression"};

template <class Enumerator, std::size_t kCount>
Enumerator parse_name(const std::array<const char*, kCount>& names, const std::string& name,
                      const char* what) {
  const auto found = std::ranges::find(names, name);
  if (found != names.end()) return static_cast<Enumerator>(found - names.begin());
  const std::vector<std::string> all(names.begin(), names.end());
  throw Error(Topic::kUnknownName, "there is no {} '{}'{}: choose one of {}", what, name,
              suggestion(name, all), join(all, ", "));
}

}  // namespace

const char* to_string(Activation activation) {
  return kActivations[static_cast<std::size_t>(activation)];
}
const char* to_string(Task task) {
  return kTasks[static_cast<std::size_t>(task)];
}
Activation parse_activation(const std::string& name) {
  return parse_name<Activation>(kActivations, name, "activation");
}
Task parse_task(const std::string& name) {
  return parse_name<Task>(kTasks, name, "task");
}

std::uint32_t NetworkSpec::input_width() const {
  return std::accumulate(
      embeddings.begin(), embeddings.end(), n_numeric,
      [](std::uint32_t sum, const EmbeddingTable& table) { return sum + table.dimension; });
}

void to_json(Json& json, const NetworkSpec& spec) {
  Json embeddings = Json::array();
  for (const EmbeddingTable& table : spec.embeddings) {
    embeddings.push_back({{"cardinality", table.cardinality}, {"dimension", table.dimension}});
  }
  json = {{"task", to_string(spec.task)},
          {"n_numeric", spec.n_numeric},
          {"embeddings", std::move(embeddings)},
          {"hidden", spec.hidden},
          {"n_outputs", spec.n_outputs},
          {"activation", to_string(spec.activation)},
          {"dropout", spec.dropout},
          {"skip", spec.skip}};
}

void from_json(const Json& json, NetworkSpec& spec) {
  const std::string what = "the network's description";
  spec.task = parse_task(json_get<std::string>(json, "task", what));
  spec.n_numeric = json_get<std::uint32_t>(json, "n_numeric", what);
  spec.embeddings.clear();
  for (const Json& table : json_get<Json>(json, "embeddings", what)) {
    spec.embeddings.push_back({json_get<std::uint32_t>(table, "cardinality", what),
                               json_get<std::uint32_t>(table, "dimension", what)});
  }
  spec.hidden = json_get<std::vector<std::uint32_t>>(json, "hidden", what);
  spec.n_outputs = json_get<std::uint32_t>(json, "n_outputs", what);
  spec.activation = parse_activation(json_get<std::string>(json, "activation", what));
  spec.dropout = json_get<double>(json, "dropout", what);
  spec.skip = json_get<bool>(json, "skip", what);
}

}  // namespace millrace
