#include "report/search_page.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "report/chart.hpp"
#include "report/html.hpp"
#include "report/page.hpp"

namespace millrace {

namespace {

using html::number;
using html::part;

constexpr std::size_t kMostTrialRows = 1000;
constexpr std::size_t kMostCurves = 3;

double sign_of(const Json& summary) {
  return part(summary, {"larger_is_better"}) == true ? -1 : 1;
}

// Those with a score first, the best before others.
std::vector<Json> ranked(const Json& summary) {
  const double sign = sign_of(summary);
  auto trials = part(summary, {"trials"}).get<std::vector<Json>>();
  std::ranges::stable_sort(trials, [&](const Json& a, const Json& b) {
    const double one = sign * number(part(a, {"score"}));
    const double other = sign * number(part(b, {"score"}));
    return std::isnan(other) ? !std::isnan(one) : one < other;
  });
  return trials;
}

std::string values_text(const Json& values) {
  if (values.empty()) return "the configuration as it stands";
  std::string text;
  for (const auto& [key, value] : values.items()) {
    const std::string shown = value.is_structured() ? html::escape(value.dump()) : html::text(value);
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", html::escape(key), shown);
  }
  return text;
}

std::string trials_table(const Json& summary, const std::vector<Json>& trials) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < std::min(trials.size(), kMostTrialRows); ++i) {
    const Json& trial = trials[i];
    const std::string error = trial.value("error", "");
    rows.push_back({html::text(trial.at("trial")), html::text(trial.at("state")),
                    html::text(trial.at("epochs")), html::figure(number(part(trial, {"score"}))),
                    values_text(trial.at("values")) + (error.empty() ? "" : ": " + html::escape(error))});
  }
  return html::table({"trial", "state", "epochs", html::text(part(summary, {"metric"})), "values"}, rows,
                     false);
}

// The best trial, the next, and the configuration as it stands.
std::string curves(const std::vector<Json>& trials) {
  chart::LineChart chart{"epoch", "loss of the validation rows", {}, false, 0, ""};
  for (const Json& trial : trials) {
    const bool stands = trial.at("trial") == 0;
    if (!stands && chart.series.size() + 1 >= kMostCurves) continue;
    const std::string name =
        stands ? "as it stands" : fmt::format("trial {}", trial.at("trial").get<std::uint64_t>());
    chart::Series series{name, {}};
    for (const Json& epoch : trial.at("curve"))
      series.points.emplace_back(number(part(epoch, {"epoch"})), number(part(epoch, {"validation_loss"})));
    chart.series.push_back(std::move(series));
  }
  return chart::draw(chart);
}

std::string progress(const Json& summary) {
  const double sign = sign_of(summary);
  chart::Series series{"best so far", {}};
  double best = std::numeric_limits<double>::infinity();
  for (const Json& trial : part(summary, {"trials"})) {
    const double score = sign * number(part(trial, {"score"}));
    if (score < best) best = score;
    series.points.emplace_back(number(trial.at("trial")), sign * best);
  }
  return chart::draw({"trial", html::text(part(summary, {"metric"})), {std::move(series)}, false, 0, ""});
}

std::string importance_table(const Json& importance) {
  std::vector<std::vector<std::string>> rows;
  for (const Json& item : importance)
    rows.push_back(
        {html::text(item.at("key")), html::percent(number(item.at("share"))), html::text(item.at("trials"))});
  return rows.empty() ? "" : html::table({"parameter", "share of the differences", "trials"}, rows, true);
}

std::string heading(const Json& summary) {
  const bool better = part(summary, {"better"}) == true;
  return fmt::format(
      "<h1>Search {} {}</h1>\n<p>{} {} by trial {} ({} as it stands), {} epochs of {} "
      "trials</p>\n<p>{}</p>\n",
      html::text(part(summary, {"search"})),
      html::badge(better ? "good" : "plain", better ? "better" : "nothing better found"),
      html::text(part(summary, {"metric"})), html::figure(number(part(summary, {"best", "score"}))),
      html::text(part(summary, {"best", "trial"})), html::figure(number(part(summary, {"as_it_stands"}))),
      html::text(part(summary, {"epochs"})), part(summary, {"trials"}).size(),
      values_text(part(summary, {"best", "values"})));
}

}  // namespace

std::string render_search(const Json& summary) {
  const std::vector<Json> trials = ranked(summary);
  const std::string charts = "<div class=\"charts\">\n" + progress(summary) + curves(trials) + "</div>\n";
  const std::string body =
      heading(summary) + html::section("course", "Course", charts) +
      html::section("importance", "Importance", importance_table(part(summary, {"importance"}))) +
      html::section("trials", "Trials", trials_table(summary, trials));
  return html::page("search " + summary.value("search", ""), body);
}

}  // namespace millrace
