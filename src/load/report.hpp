// A load's result for people and for scripts. Times in milliseconds, but for `seconds`; docs/serving.md has
// the JSON's members.
#pragma once

#include <string>

#include "base/json.hpp"
#include "load/load.hpp"

namespace millrace::load {

OrderedJson to_json(const LoadPlan& plan, const LoadResult& result);
std::string describe(const LoadPlan& plan, const LoadResult& result);

}  // namespace millrace::load
