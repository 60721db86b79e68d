#include <algorithm>

#include "base/text.hpp"
#include "report/html.hpp"
#include "report/sections.hpp"

namespace millrace {

namespace {

using html::part;

// What to look at first: refusals, then warnings, then the rest.
int urgency(const Json& check) {
  if (check.value("passed", true)) return 2;
  return check.value("action", "") == "reject" ? 0 : 1;
}

std::string result_badge(const Json& check) {
  switch (urgency(check)) {
    case 0:
      return html::badge("bad", "failed");
    case 1:
      return check.value("action", "") == "ignore" ? html::badge("plain", "ignored")
                                                   : html::badge("warn", "warning");
    default:
      return html::badge("good", "passed");
  }
}

// The first few offending values, each with where it stands.
std::string samples_of(const Json& check) {
  constexpr std::size_t kShown = 5;
  const Json& samples = part(check, {"samples"});
  std::vector<std::string> shown;
  for (const Json& sample : samples) {
    if (shown.size() == kShown) break;
    const Json& value = part(sample, {"value"});
    shown.push_back(fmt::format("<code title=\"{}, record {}\">{}</code>", html::text(part(sample, {"file"})),
                                html::text(part(sample, {"record"})),
                                value.is_null() ? "missing" : html::text(value)));
  }
  return join(shown, " ");
}

std::string checks_table(const Json& checks, int first, int last) {
  std::vector<std::vector<std::string>> rows;
  for (int level = first; level <= last; ++level) {
    for (const Json& check : checks) {
      if (urgency(check) != level) continue;
      rows.push_back({result_badge(check), html::text(part(check, {"column"})),
                      html::text(part(check, {"check"})), html::text(part(check, {"expected"})),
                      html::text(part(check, {"observed"})), samples_of(check)});
    }
  }
  if (rows.empty()) return "";
  return html::table({"", "column", "check", "expected", "observed", "samples"}, rows, false);
}

std::string rejects(const Json& dataset) {
  const Json& count = part(dataset, {"rejects", "count"});
  if (!count.is_number() || count == 0) return "";
  std::vector<std::string> kinds;
  for (const auto& [kind, times] : part(dataset, {"rejects", "kinds"}).items())
    kinds.push_back(html::text(kind) + " " + html::text(times));
  std::vector<std::vector<std::string>> rows;
  for (const Json& sample : part(dataset, {"rejects", "samples"})) {
    rows.push_back({html::text(part(sample, {"file"})), html::text(part(sample, {"line"})),
                    html::text(part(sample, {"column"})), html::text(part(sample, {"reason"}))});
  }
  const std::string by_kind = kinds.empty() ? "" : " (" + join(kinds, ", ") + ")";
  return fmt::format("<h3>Records that could not be read: {}{}</h3>\n", html::text(count), by_kind) +
         html::table({"file", "line", "column", "reason"}, rows, false);
}

}  // namespace

std::string render_validation(const ReportInput& input) {
  const Json& checks = part(input.verdict, {"checks"});
  std::string body;
  if (checks.is_array()) {
    const std::string passed = checks_table(checks, 2, 2);
    const auto count =
        std::count_if(checks.begin(), checks.end(), [](const Json& check) { return urgency(check) == 2; });
    body += checks_table(checks, 0, 1);
    if (!passed.empty()) {
      body += fmt::format("<details><summary>{} of {} checks passed</summary>\n{}</details>\n", count,
                          checks.size(), passed);
    }
  }
  return html::section("validation", "Validation", body + rejects(input.dataset));
}

}  // namespace millrace
