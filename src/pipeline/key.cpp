#include "pipeline/key.hpp"

namespace millrace {

namespace {

constexpr std::size_t kShownCharacters = 40;

// Nothing set and an empty list or map are leaves without a value, too.
std::string shown(const Json& value) {
  if (value.is_null()) return "(none)";
  std::string text = value.dump();
  if (text.size() > kShownCharacters) text = text.substr(0, kShownCharacters) + "…";
  return text;
}

// "/settings/training/epochs" → "settings.training.epochs".
std::string dotted(std::string pointer) {
  for (char& c : pointer) c = c == '/' ? '.' : c;
  return pointer.substr(1);
}

}  // namespace

StageKey stage_key(const Stage& stage, const StageContext& context, const Outputs& outputs) {
  StageKey key;
  key.parts = {{"stage", stage.name},
               {"numerics", stage.numerics_version},
               {"settings", stage.settings(context.config)},
               {"inputs", stage.inputs(context, outputs)}};
  key.digest = digest_of(canonical_json(key.parts));
  return key;
}

std::vector<std::string> key_differences(const Json& before, const Json& now) {
  const Json old_leaves = before.flatten();
  Json leaves = now.flatten();
  for (const auto& [pointer, value] : old_leaves.items()) leaves.emplace(pointer, nullptr);
  std::vector<std::string> lines;
  for (const auto& [pointer, new_value] : leaves.items()) {
    const Json old_value = old_leaves.value(pointer, Json());
    if (old_value != new_value)
      lines.push_back(fmt::format("{}: {} → {}", dotted(pointer), shown(old_value), shown(new_value)));
  }
  return lines;
}

}  // namespace millrace
