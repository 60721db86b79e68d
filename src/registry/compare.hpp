// Versions beside each other: parameters, metrics, data, environment.
#pragma once

#include <string>
#include <vector>

#include "registry/records.hpp"
#include "registry/registry.hpp"

namespace millrace {

struct ComparedField {
  std::string name;          // as search() knows it: "metrics.test.auc"
  std::vector<Json> values;  // one a version; null where it has none
  [[nodiscard]] bool differs() const;
};

// All fields that any of the versions has, by name.
std::vector<ComparedField> compare(const std::vector<const ModelVersion*>& versions, const Records& records);

}  // namespace millrace
