#include "registry/stage_history.hpp"

#include <algorithm>
#include <map>

#include "base/time.hpp"
#include "base/topics.hpp"

namespace millrace {

std::vector<StageHolder> stage_holders(const RegistryState& state, const std::string& model,
                                       const std::string& stage, const std::string& time) {
  std::map<std::pair<std::string, std::uint64_t>, std::string> since;
  for (const StageChange& change : state.stage_changes) {
    if (change.time > time || (!model.empty() && change.model != model)) continue;
    if (change.from == stage) since.erase({change.model, change.version});
    if (change.to == stage) since[{change.model, change.version}] = change.time;
    for (const std::uint64_t archived : change.archived) since.erase({change.model, archived});
  }
  std::vector<StageHolder> holders;
  for (const auto& [version, from] : since) holders.push_back({version.first, version.second, from});
  return holders;
}

std::string end_of_moment(const std::string& text) {
  constexpr std::size_t kDay = 10;
  std::string moment = text.size() == kDay ? text + "T23:59:59.999Z" : text;
  try {
    (void)parse_rfc3339(moment);
  } catch (const Error&) {
    throw Error(Topic::kWrongValue, "'{}' is neither a day (2026-03-12) nor a time in RFC 3339 (UTC)", text);
  }
  return moment;
}

}  // namespace millrace
