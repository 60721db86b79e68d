#include "pipeline/key.hpp"

namespace millrace {

namespace {

constexpr std::size_t kShownCharacters = 40;

std::string shown(const Json& value) {
  std::string text = value.dump();
  if (text.size() > kShownCharacters) text = text.substr(0, kShownCharacters) + "…";
  return text;
}

// "/settings/training/epochs" → "settings.training.epochs".
std::string dotted(std::string pointer) {
  for (char& c : pointer) c = c == '/' ? '.' : c;
  return pointer.substr(1);
}

std::string difference(const Json& before, const Json& now, const std::string& pointer) {
  const Json::json_pointer at(pointer);
  const std::string old_value = before.contains(at) ? shown(before.at(at)) : "(none)";
  const std::string new_value = now.contains(at) ? shown(now.at(at)) : "(none)";
  return fmt::format("{}: {} → {}", dotted(pointer), old_value, new_value);
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
  std::vector<std::string> lines;
  for (const Json& change : Json::diff(before, now)) {
    lines.push_back(difference(before, now, change.at("path").get<std::string>()));
  }
  return lines;
}

}  // namespace millrace
