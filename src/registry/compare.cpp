#include "registry/compare.hpp"

#include <algorithm>
#include <map>

#include "registry/search.hpp"

namespace millrace {

namespace {

using Fields = std::map<std::string, std::vector<Json>>;

// Maps are gone into, lists are values.
void add_fields(const Json& json, const std::string& name, std::size_t version, std::size_t versions,
                Fields& fields) {
  if (!json.is_object()) {
    fields.try_emplace(name, versions).first->second[version] = json;
    return;
  }
  for (const auto& [key, value] : json.items()) {
    add_fields(value, name.empty() ? key : name + "." + key, version, versions, fields);
  }
}

}  // namespace

bool ComparedField::differs() const {
  return std::ranges::any_of(values, [&](const Json& value) { return value != values.front(); });
}

std::vector<ComparedField> compare(const std::vector<const ModelVersion*>& versions, const Records& records) {
  Fields fields;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    add_fields(searchable(*versions[i], &records), "", i, versions.size(), fields);
  }
  std::vector<ComparedField> compared;
  for (auto& [name, values] : fields) compared.push_back({name, std::move(values)});
  return compared;
}

}  // namespace millrace
