// What readers ask of the registry's state.
#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "registry/registry.hpp"

namespace millrace {

Json ModelVersion::details() const {
  return entry.empty() ? Json::object() : parse_json(entry, "the entry of " + name()).at("details");
}

const RegistryState::Model* RegistryState::model(const std::string& name) const {
  const auto found = models_.find(name);
  return found == models_.end() ? nullptr : &found->second;
}

const ModelVersion& RegistryState::newest(const std::string& name) const {
  if (const Model* known = model(name)) return versions[known->versions.back()];
  std::vector<std::string> names;
  for (const auto& [other, versions_of_it] : models_) names.push_back(other);
  throw Error(Topic::kUnknownModel, "no model {} is registered{}", millrace::quoted(name),
              suggestion(name, names));
}

const ModelVersion& RegistryState::numbered(const std::string& name, const std::string& text) const {
  const ModelVersion& last = newest(name);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  const ModelVersion* found = is_number ? find(name, number) : nullptr;
  if (found == nullptr) {
    throw Error(Topic::kUnknownModel, "model '{}' has no version {}; its newest is {}", name,
                millrace::quoted(text), last.version);
  }
  return *found;
}

const ModelVersion& RegistryState::aliased(const std::string& name, const std::string& alias) const {
  (void)newest(name);  // an unknown model is named before an unknown alias
  if (const ModelVersion* found = find_alias(name, alias)) return *found;
  std::vector<std::string> known;
  for (const auto& [other, index] : model(name)->aliases) known.push_back(other);
  throw Error(Topic::kUnknownModel, "model '{}' has no alias {}{}; it has {}", name, millrace::quoted(alias),
              suggestion(alias, known), known.empty() ? "none" : join(known, ", "));
}

std::string RegistryState::guarded_top() const {
  if (!policy || policy->stages.back().approvals.empty()) return "";
  return policy->stages.back().name;
}

const ModelVersion* RegistryState::find(const std::string& name, std::uint64_t version) const {
  const Model* known = model(name);
  if (known == nullptr) return nullptr;
  const auto number = [&](std::size_t index) { return versions[index].version; };
  const auto found = std::ranges::lower_bound(known->versions, version, {}, number);
  return found == known->versions.end() || number(*found) != version ? nullptr : &versions[*found];
}

ModelVersion* RegistryState::find(const std::string& name, std::uint64_t version) {
  return const_cast<ModelVersion*>(std::as_const(*this).find(name, version));
}

const ModelVersion* RegistryState::find_alias(const std::string& name, const std::string& alias) const {
  const Model* known = model(name);
  if (known == nullptr) return nullptr;
  const auto found = known->aliases.find(alias);
  return found == known->aliases.end() ? nullptr : &versions[found->second];
}

const ModelVersion& RegistryState::resolve(const std::string& reference) const {
  const auto separator = reference.find_first_of("/@");
  if (separator == std::string::npos) return newest(reference);
  const std::string name = reference.substr(0, separator);
  const std::string rest = reference.substr(separator + 1);
  return reference[separator] == '/' ? numbered(name, rest) : aliased(name, rest);
}

const ModelVersion* RegistryState::find_registered(const std::string& name, const Digest& weights) const {
  const Model* known = model(name);
  if (known == nullptr) return nullptr;
  const auto has_weights = [&](std::size_t index) { return versions[index].weights == weights.hex(); };
  const auto found = std::find_if(known->versions.rbegin(), known->versions.rend(), has_weights);
  return found == known->versions.rend() ? nullptr : &versions[*found];
}

std::uint64_t RegistryState::newest_version(const std::string& name) const {
  const Model* known = model(name);
  return known == nullptr ? 0 : versions[known->versions.back()].version;
}

ModelVersion& RegistryState::add(ModelVersion version) {
  Model& owner = models_[version.model];
  for (const std::string& alias : version.aliases) owner.aliases[alias] = versions.size();
  owner.versions.push_back(versions.size());
  return versions.emplace_back(std::move(version));
}

void RegistryState::move_alias(const std::string& alias, ModelVersion& target) {
  const auto index = static_cast<std::size_t>(&target - versions.data());
  const auto [owner, is_new] = models_.at(target.model).aliases.try_emplace(alias, index);
  if (!is_new) std::erase(versions[owner->second].aliases, alias);
  owner->second = index;
  target.aliases.insert(std::lower_bound(target.aliases.begin(), target.aliases.end(), alias), alias);
}

}  // namespace millrace
