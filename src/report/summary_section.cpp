#include <cmath>

#include "base/text.hpp"
#include "report/html.hpp"
#include "report/sections.hpp"

namespace millrace {

namespace {

using html::part;

std::string status_badge(const Json& run) {
  const Json& recorded = part(run, {"status"});
  const std::string status = recorded.is_string() ? recorded.get<std::string>() : "unknown";
  const char* kind = status == "done" ? "good" : status == "failed" ? "bad" : "warn";
  return html::badge(kind, "run " + status);
}

std::string verdict_badge(const Json& verdict) {
  bool warned = false;
  for (const Json& check : part(verdict, {"checks"})) {
    if (check.value("passed", true)) continue;
    if (check.value("action", "") == "reject") return html::badge("bad", "data rejected");
    warned = warned || check.value("action", "") == "warn";
  }
  return warned ? html::badge("warn", "data accepted with warnings") : html::badge("good", "data accepted");
}

std::string badges(const ReportInput& input) {
  std::string out = "<p>" + status_badge(input.run);
  if (part(input.verdict, {"checks"}).is_array()) out += verdict_badge(input.verdict);
  const Json& gate = part(input.evaluation, {"gate", "passed"});
  if (gate.is_boolean())
    out += gate.get<bool>() ? html::badge("good", "gate passed") : html::badge("bad", "gate not passed");
  return out + "</p>\n";
}

std::string fact(const std::string& value, std::string_view label) {
  return fmt::format("<div class=\"fact\"><b>{}</b><span>{}</span></div>\n", value, html::escape(label));
}

std::string facts(const ReportInput& input) {
  std::string out = "<div class=\"facts\">\n";
  for (const char* metric : {"auc", "rmse", "accuracy"}) {
    const Json& value = part(input.evaluation, {"test", "metrics", metric});
    if (value.is_number()) out += fact(html::figure(value.get<double>()), fmt::format("test {}", metric));
  }
  const Json& rows = part(input.run, {"dataset", "rows"});
  if (!rows.is_null()) out += fact(html::text(rows), "rows");
  const Json& version = part(input.run, {"model", "version"});
  if (!version.is_null())
    out += fact(html::text(part(input.run, {"model", "name"})) + "/" + html::text(version), "model");
  const double seconds = html::number(part(input.run, {"cost", "wall_seconds"}));
  if (!std::isnan(seconds)) out += fact(human_seconds(seconds), "in all");
  const double amount = html::number(part(input.run, {"cost", "amount"}));
  if (!std::isnan(amount))
    out += fact(fmt::format("{:.2f} {}", amount, html::text(part(input.run, {"cost", "currency"}))), "cost");
  const Json& ranks = part(input.run, {"ranks"});
  if (!ranks.is_null()) out += fact(html::text(ranks), ranks == 1 ? "rank" : "ranks");
  return out + "</div>\n";
}

std::string error_box(const Json& run) {
  const Json& message = part(run, {"error", "message"});
  if (message.is_null()) return "";
  const Json& stage = part(run, {"error", "stage"});
  const std::string where = stage.is_string() ? "<b>" + html::text(stage) + "</b>: " : "";
  return "<div class=\"error\">" + where + html::text(message) + "</div>\n";
}

std::string contents(const ReportInput& input) {
  const std::vector<std::pair<const char*, bool>> links{{"evaluation", !input.evaluation.is_null()},
                                                        {"training", !input.training.is_null()},
                                                        {"validation", !input.verdict.is_null()},
                                                        {"columns", !input.dataset.is_null()},
                                                        {"stages", true},
                                                        {"lineage", true},
                                                        {"configuration", !input.config_yaml.empty()}};
  std::string out = "<nav>";
  for (const auto& [name, there] : links) {
    if (there) out += fmt::format("<a href=\"#{0}\">{0}</a>", name);
  }
  return out + "</nav>\n";
}

}  // namespace

std::string render_summary(const ReportInput& input) {
  const std::string title = html::text(part(input.run, {"pipeline"}));
  return fmt::format("<h1>{}</h1>\n<p class=\"quiet\">run {} · started {}</p>\n", title,
                     html::text(part(input.run, {"run"})), html::text(part(input.run, {"started"}))) +
         badges(input) + error_box(input.run) + facts(input) + contents(input);
}

}  // namespace millrace
