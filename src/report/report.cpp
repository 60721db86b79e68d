#include "report/report.hpp"

#include "report/html.hpp"
#include "report/page.hpp"
#include "report/sections.hpp"

namespace millrace {

std::string render_report(const ReportInput& input) {
  const auto word = [&](const char* key) {
    const Json& found = html::part(input.run, {key});
    return found.is_string() ? found.get<std::string>() : "–";
  };
  return html::page(word("pipeline") + " · " + word("run"),
                    render_summary(input) + render_evaluation(input) + render_training(input) +
                        render_validation(input) + render_columns(input) + render_stages(input) +
                        render_lineage(input) + render_configuration(input));
}

}  // namespace millrace
