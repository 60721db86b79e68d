#include "report/drift_page.hpp"

#include <algorithm>
#include <numeric>

#include "report/chart.hpp"
#include "report/html.hpp"
#include "report/page.hpp"

namespace millrace {

namespace {

using html::part;

constexpr std::size_t kMostDriftCards = 500;

std::string level_badge(const std::string& level) {
  if (level == "retrain") return html::badge("bad", level);
  if (level == "alert" || level == "warn") return html::badge("warn", level);
  return html::badge(level == "unknown" ? "plain" : "good", level);
}

std::vector<double> shares(const Json& rows) {
  std::vector<double> all;
  for (const Json& row : rows) all.push_back(html::number(row));
  const double total = std::accumulate(all.begin(), all.end(), 0.0);
  for (double& share : all) share = total > 0 ? share / total : 0;
  return all;
}

std::string pair_of_histograms(const Json& bins) {
  const std::vector<double> reference = shares(part(bins, {"reference"}));
  const std::vector<double> current = shares(part(bins, {"current"}));
  std::vector<std::string> titles;
  for (std::size_t i = 0; i < reference.size() && i < current.size(); ++i) {
    titles.push_back(fmt::format("{}: {} before, {} now", bins.at("labels").at(i).get<std::string>(),
                                 html::percent(reference[i]), html::percent(current[i])));
  }
  return chart::draw_pairs(reference, current, titles);
}

std::string figures(const Json& column) {
  if (!column.contains("psi")) return "<p>not compared</p>\n";
  return html::table(
      {"index", "by chance", html::text(column.at("test")), "missing", "before"},
      {{html::figure(html::number(column.at("psi"))), html::figure(html::number(column.at("psi_by_chance"))),
        html::figure(html::number(column.at("score"))) + (column.at("drifted").get<bool>() ? "*" : ""),
        html::percent(html::number(column.at("missing"))),
        html::percent(html::number(column.at("reference_missing")))}},
      true);
}

std::string card(const Json& column) {
  const std::string cause = column.value("cause", "");
  return fmt::format("<div class=\"card\"><header><b>{}</b> {}</header>\n{}{}{}</div>\n",
                     html::text(column.at("name")), level_badge(column.value("level", "none")),
                     figures(column), cause.empty() ? "" : "<p>" + html::escape(cause) + "</p>\n",
                     pair_of_histograms(column.value("bins", Json::object())));
}

std::string cards(std::vector<Json> columns) {
  std::ranges::stable_sort(
      columns, [](const Json& a, const Json& b) { return a.value("psi", 0.0) > b.value("psi", 0.0); });
  const std::size_t shown = std::min(columns.size(), kMostDriftCards);
  std::string text = "<div class=\"cards\">\n";
  for (std::size_t i = 0; i < shown; ++i) text += card(columns[i]);
  text += "</div>\n";
  if (shown < columns.size()) text += fmt::format("<p>and {} more columns</p>\n", columns.size() - shown);
  return text;
}

std::string cards_of(const Json& columns) {
  return columns.is_array() && !columns.empty() ? cards(columns.get<std::vector<Json>>()) : "";
}

std::string causes_of(const Json& report) {
  std::string text;
  for (const Json& cause : part(report, {"causes"})) text += "<p>" + html::text(cause) + "</p>\n";
  for (const Json& column : part(report, {"absent"}))
    text += fmt::format("<p>{} {}</p>\n", html::text(column.at("name")), html::text(column.at("reason")));
  return text;
}

std::string heading(const Json& report) {
  const std::string from = report.value("from", "");
  const std::string times = from.empty() ? "" : fmt::format(", {} to {}", from, report.value("until", ""));
  return fmt::format(
      "<h1>{} {}</h1>\n<p>{} rows of {}{}, against {}; {} of {} columns drifted by their tests (*)</p>\n{}",
      html::text(part(report, {"model"})), level_badge(report.value("level", "unknown")),
      html::text(part(report, {"rows"})), html::text(part(report, {"source"})), html::escape(times),
      html::text(part(report, {"against"})), html::text(part(report, {"drifted"})),
      html::text(part(report, {"compared"})), causes_of(report));
}

std::string labels_of(const Json& performance) {
  if (!performance.is_object()) return "";
  return fmt::format("<p>{} labels: {} {}, {} on the test rows</p>\n", html::text(performance.at("rows")),
                     html::text(performance.at("metric")),
                     html::figure(html::number(performance.at("value"))),
                     html::figure(html::number(performance.at("before"))));
}

}  // namespace

std::string render_drift(const Json& report) {
  const Json& target = part(report, {"target"});
  const std::string body =
      heading(report) + labels_of(part(report, {"performance"})) +
      html::section("predictions", "Predictions", cards_of(part(report, {"predictions"}))) +
      html::section("target", "Target", target.is_object() ? cards({target}) : "") +
      html::section("inputs", "Inputs", cards_of(part(report, {"columns"})));
  return html::page("drift of " + report.value("model", ""), body);
}

}  // namespace millrace
