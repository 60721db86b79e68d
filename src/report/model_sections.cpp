// Evaluation and training.
#include <set>

#include "base/text.hpp"
#include "report/chart.hpp"
#include "report/html.hpp"
#include "report/sections.hpp"

namespace millrace {

namespace {

using html::number;
using html::part;

std::string metrics_table(const Json& evaluation) {
  std::set<std::string> names;
  for (const char* split : {"validation", "test"}) {
    for (const auto& [name, value] : part(evaluation, {split, "metrics"}).items()) names.insert(name);
  }
  std::vector<std::vector<std::string>> rows;
  for (const std::string& name : names) {
    const auto value = [&](const char* split) {
      const Json& metric = part(evaluation, {split, "metrics", name.c_str()});
      if (name == "rows" && metric.is_number()) return human_count(metric.get<std::uint64_t>());
      return html::figure(number(metric));
    };
    rows.push_back({html::escape(name), value("validation"), value("test")});
  }
  return rows.empty() ? "" : html::table({"metric", "validation rows", "test rows"}, rows, true);
}

std::string gate_line(const Json& gate) {
  const Json& reason = part(gate, {"reason"});
  if (!reason.is_string()) return "";
  const bool passed = part(gate, {"passed"}) == true;
  return fmt::format("<p>{} {}</p>\n",
                     html::badge(passed ? "good" : "bad", passed ? "gate passed" : "gate not passed"),
                     html::text(reason));
}

std::string roc(const Json& curves) {
  chart::Series series{"model", {}};
  for (const Json& point : part(curves, {"roc"})) {
    if (point.is_array() && point.size() == 2) series.points.emplace_back(number(point[0]), number(point[1]));
  }
  return chart::draw({"false positive rate", "true positive rate (ROC, test rows)", {series}, true, 0, ""});
}

std::string calibration(const Json& curves) {
  chart::Series series{"model", {}, true};
  for (const Json& bin : part(curves, {"calibration"})) {
    series.points.emplace_back(number(part(bin, {"mean"})), number(part(bin, {"share"})));
  }
  return chart::draw({"predicted probability", "share that was so (calibration)", {series}, true, 0, ""});
}

std::string charts(const std::string& drawings) {
  return drawings.empty() ? "" : "<div class=\"charts\">\n" + drawings + "</div>\n";
}

std::string loss_chart(const Json& history, const Json& best_epoch) {
  chart::LineChart loss{"epoch", "loss", {{"training rows", {}}, {"validation rows", {}}}, false, 0, ""};
  for (const Json& epoch : history) {
    const double x = number(part(epoch, {"epoch"}));
    loss.series[0].points.emplace_back(x, number(part(epoch, {"train_loss"})));
    loss.series[1].points.emplace_back(x, number(part(epoch, {"validation_loss"})));
  }
  if (best_epoch.is_number()) {
    loss.mark_x = number(best_epoch);
    loss.mark_label = "kept";
  }
  return chart::draw(loss);
}

std::string rate_chart(const Json& history) {
  chart::LineChart rate{"epoch", "learning rate at the epoch's end", {{"rate", {}}}, false, 0, ""};
  for (const Json& epoch : history) {
    rate.series[0].points.emplace_back(number(part(epoch, {"epoch"})),
                                       number(part(epoch, {"learning_rate"})));
  }
  return chart::draw(rate);
}

}  // namespace

std::string render_evaluation(const ReportInput& input) {
  const Json& curves = part(input.evaluation, {"test", "curves"});
  return html::section("evaluation", "Evaluation",
                       gate_line(part(input.evaluation, {"gate"})) + metrics_table(input.evaluation) +
                           charts(roc(curves) + calibration(curves)));
}

std::string render_training(const ReportInput& input) {
  const Json& history = part(input.training, {"history"});
  if (!history.is_array() || history.empty()) return "";
  const Json& device = part(input.training, {"device"});
  const Json& output = part(input.run, {"outputs", "train"});
  const Json& best = part(output, {"best_epoch"}).is_null() ? part(input.training, {"best_epoch"})
                                                            : part(output, {"best_epoch"});
  std::string facts = fmt::format("<p class=\"quiet\">{} epochs", history.size());
  if (!part(output, {"steps"}).is_null())
    facts += fmt::format(" · {} steps", html::text(part(output, {"steps"})));
  if (!part(output, {"parameters"}).is_null())
    facts += fmt::format(" · {} parameters", html::text(part(output, {"parameters"})));
  const Json& where = device.is_null() ? part(output, {"device"}) : device;
  if (!where.is_null()) facts += " · " + html::text(where);
  return html::section("training", "Training",
                       facts + "</p>\n" + charts(loss_chart(history, best) + rate_chart(history)));
}

}  // namespace millrace
