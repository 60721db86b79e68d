// What readers ask of the registry's state.
#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "registry/registry.hpp"

namespace millrace {

namespace {

// The last version that fulfils the condition: the newest one.
template <class Condition>
const ModelVersion* find_last(const std::vector<ModelVersion>& versions, Condition condition) {
  const auto found = std::find_if(versions.rbegin(), versions.rend(), condition);
  return found == versions.rend() ? nullptr : &*found;
}

const ModelVersion& newest(const RegistryState& state, const std::string& model) {
  const ModelVersion* found =
      find_last(state.versions, [&](const ModelVersion& version) { return version.model == model; });
  if (found != nullptr) return *found;
  std::vector<std::string> names;
  for (const ModelVersion& version : state.versions) names.push_back(version.model);
  throw Error(Topic::kUnknownModel, "no model {} is registered{}", millrace::quoted(model),
              suggestion(model, names));
}

const ModelVersion& numbered(const RegistryState& state, const std::string& model, const std::string& text) {
  const ModelVersion& last = newest(state, model);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  const ModelVersion* found = is_number ? state.find(model, number) : nullptr;
  if (found == nullptr) {
    throw Error(Topic::kUnknownModel, "model '{}' has no version {}; its newest is {}", model,
                millrace::quoted(text), last.version);
  }
  return *found;
}

const ModelVersion& aliased(const RegistryState& state, const std::string& model, const std::string& alias) {
  (void)newest(state, model);  // an unknown model is named before an unknown alias
  if (const ModelVersion* found = state.find_alias(model, alias)) return *found;
  std::vector<std::string> known;
  for (const ModelVersion& version : state.versions) {
    if (version.model == model) known.insert(known.end(), version.aliases.begin(), version.aliases.end());
  }
  throw Error(Topic::kUnknownModel, "model '{}' has no alias {}{}; it has {}", model, millrace::quoted(alias),
              suggestion(alias, known), known.empty() ? "none" : join(known, ", "));
}

}  // namespace

std::string RegistryState::guarded_top() const {
  if (!policy || policy->stages.back().approvals.empty()) return "";
  return policy->stages.back().name;
}

const ModelVersion* RegistryState::find(const std::string& model, std::uint64_t version) const {
  return find_last(versions, [&](const ModelVersion& v) { return v.model == model && v.version == version; });
}

const ModelVersion* RegistryState::find_alias(const std::string& model, const std::string& alias) const {
  return find_last(versions, [&](const ModelVersion& v) {
    return v.model == model && std::find(v.aliases.begin(), v.aliases.end(), alias) != v.aliases.end();
  });
}

const ModelVersion& RegistryState::resolve(const std::string& reference) const {
  const auto separator = reference.find_first_of("/@");
  if (separator == std::string::npos) return newest(*this, reference);
  const std::string model = reference.substr(0, separator);
  const std::string rest = reference.substr(separator + 1);
  return reference[separator] == '/' ? numbered(*this, model, rest) : aliased(*this, model, rest);
}

const ModelVersion* RegistryState::find_registered(const std::string& model, const Digest& weights) const {
  return find_last(versions, [&](const ModelVersion& version) {
    return version.model == model && version.details.value("weights", Json()) == weights.hex();
  });
}

}  // namespace millrace
