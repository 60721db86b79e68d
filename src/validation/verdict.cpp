#include "validation/verdict.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr const char* kWhat = "verdict";

const char* action_name(Action action) {
  switch (action) {
    case Action::kWarn:
      return "warn";
    case Action::kReject:
      return "reject";
    case Action::kIgnore:
      break;
  }
  return "ignore";
}

Action parse_action(const std::string& name) {
  for (const Action action : {Action::kWarn, Action::kReject, Action::kIgnore}) {
    if (name == action_name(action)) return action;
  }
  throw Error(Topic::kDamagedFile, "{}: there is no action '{}'", kWhat, name);
}

Json check_to_json(const CheckResult& check) {
  return {
      {"check", check.check},       {"column", check.column},         {"expected", check.expected},
      {"observed", check.observed}, {"passed", check.passed},         {"action", action_name(check.action)},
      {"rows", check.rows},         {"unexpected", check.unexpected}, {"samples", check.samples}};
}

CheckResult check_from_json(const Json& json) {
  CheckResult check;
  check.check = json_get<std::string>(json, "check", kWhat);
  check.column = json_get<std::string>(json, "column", kWhat);
  check.expected = json_get<std::string>(json, "expected", kWhat);
  check.observed = json_get<std::string>(json, "observed", kWhat);
  check.passed = json_get<bool>(json, "passed", kWhat);
  check.action = parse_action(json_get<std::string>(json, "action", kWhat));
  check.rows = json_get<std::uint64_t>(json, "rows", kWhat);
  check.unexpected = json_get<std::uint64_t>(json, "unexpected", kWhat);
  check.samples = json_get<Json>(json, "samples", kWhat);
  return check;
}

// "telco.csv record 17: '-4'", or "… record 17: missing".
std::string format_sample(const Json& sample) {
  const Json& value = sample.at("value");
  return fmt::format("{} record {}: {}", sample.at("file").get<std::string>(),
                     human_count(sample.at("record").get<std::uint64_t>()),
                     value.is_null() ? "missing" : millrace::quoted(value.get<std::string>()));
}

std::string format_check(const CheckResult& check) {
  constexpr std::size_t kShown = 3;
  const char* word = check.action == Action::kReject ? "FAILED" : "warning";
  std::string text =
      fmt::format("  {:<8} {:<9} {:<24} expected {}; found {}\n", word, check.check,
                  check.column.empty() ? "(table)" : check.column, check.expected, check.observed);
  for (std::size_t i = 0; i < std::min(kShown, check.samples.size()); ++i) {
    text += fmt::format("           {}\n", format_sample(check.samples[i]));
  }
  return text;
}

std::string plural(std::size_t count, const char* noun) {
  return fmt::format("{} {}{}", human_count(count), noun, count == 1 ? "" : "s");
}

}  // namespace

bool Verdict::accepted() const {
  return count(false, Action::kReject) == 0;
}

std::size_t Verdict::count(bool passed, Action action) const {
  return static_cast<std::size_t>(std::count_if(checks.begin(), checks.end(), [&](const CheckResult& check) {
    return check.passed == passed && check.action == action;
  }));
}

void to_json(Json& json, const Verdict& verdict) {
  json = {{"accepted", verdict.accepted()}, {"checks", Json::array()}};
  for (const CheckResult& check : verdict.checks) json["checks"].push_back(check_to_json(check));
}

void from_json(const Json& json, Verdict& verdict) {
  verdict.checks.clear();
  for (const Json& check : json_get<Json>(json, "checks", kWhat)) {
    verdict.checks.push_back(check_from_json(check));
  }
}

std::string format_verdict(const Verdict& verdict) {
  const std::size_t failed = verdict.count(false, Action::kReject);
  const std::size_t warnings = verdict.count(false, Action::kWarn);
  std::string text =
      fmt::format("data {}: {} of {} passed, {} failed, {}\n", verdict.accepted() ? "accepted" : "rejected",
                  human_count(verdict.checks.size() - failed - warnings),
                  plural(verdict.checks.size(), "check"), human_count(failed), plural(warnings, "warning"));
  for (const Action action : {Action::kReject, Action::kWarn}) {
    for (const CheckResult& check : verdict.checks) {
      if (!check.passed && check.action == action) text += format_check(check);
    }
  }
  return text;
}

}  // namespace millrace
