// Finding versions by what they are:
//   metrics.test.auc > 0.84 and tags.team = 'crm' order by created desc limit 10
//
// A condition compares a field with a number or a text in single quotes: = != < <= > >=, and like, whose %
// stands for any characters. Conditions are joined by and, or, not and parentheses. A field that a version
// does not have fulfils no condition. Fields: model, version, stage, created, user, description, aliases,
// tags.NAME, metrics.PART.NAME, params.KEY (of the configuration), environment.KEY, dataset, features,
// weights, run, code_version, cost.…
#pragma once

#include <string>
#include <vector>

#include "registry/records.hpp"
#include "registry/registry.hpp"

namespace millrace {

// What a field's name is looked up in; without records nothing of params and environment.
Json searchable(const ModelVersion& version, const Records* records);

// Those that fulfil it, in its order, else in that of registration. Versions without the field that orders
// come last. Throws kUsage with the place where the text stops making sense.
std::vector<const ModelVersion*> search(const RegistryState& state, const Records& records,
                                        const std::string& query);

}  // namespace millrace
