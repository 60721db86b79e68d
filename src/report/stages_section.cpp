#include <cmath>

#include "base/text.hpp"
#include "report/html.hpp"
#include "report/sections.hpp"

namespace millrace {

namespace {

using html::part;

double seconds_of(const Json& stage) {
  const double seconds = html::number(part(stage, {"seconds"}));
  return seconds > 0 ? seconds : 0;
}

std::string time_bar(const Json& stages) {
  double total = 0;
  for (const Json& stage : stages) total += seconds_of(stage);
  if (total == 0) return "";
  std::string out = "<div class=\"time\">";
  for (const Json& stage : stages) {
    out +=
        fmt::format("<div style=\"width:{:.2f}%\" title=\"{}: {}\"></div>", 100 * seconds_of(stage) / total,
                    html::text(part(stage, {"name"})), human_seconds(seconds_of(stage)));
  }
  return out + "</div>\n";
}

}  // namespace

std::string render_stages(const ReportInput& input) {
  const Json& stages = part(input.run, {"stages"});
  if (!stages.is_array() || stages.empty()) return "";
  std::vector<std::vector<std::string>> rows;
  for (const Json& stage : stages) {
    const Json& key = part(stage, {"key"});
    rows.push_back(
        {html::text(part(stage, {"name"})), human_seconds(seconds_of(stage)),
         part(stage, {"cached"}) == true ? "nothing had changed" : "ran",
         key.is_string() ? "<code>" + html::escape(key.get<std::string>().substr(0, 12)) + "</code>" : "–"});
  }
  return html::section("stages", "Stages",
                       time_bar(stages) + html::table({"stage", "time", "", "key"}, rows, false));
}

}  // namespace millrace
