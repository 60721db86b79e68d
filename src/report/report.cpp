#include "report/report.hpp"

#include "report/html.hpp"
#include "report/sections.hpp"
#include "report/style.hpp"

namespace millrace {

namespace {

// The policy lets the page load nothing and run nothing, whatever text got into it.
constexpr const char* kPolicy = "default-src 'none'; style-src 'unsafe-inline'";

std::string head(const ReportInput& input) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n<title>{} · "
      "{}</title>\n<style>{}</style>\n</head>\n",
      kPolicy, html::text(html::part(input.run, {"pipeline"})), html::text(html::part(input.run, {"run"})),
      kStyle);
}

}  // namespace

std::string render_report(const ReportInput& input) {
  return head(input) + "<body>\n<main>\n" + render_summary(input) + render_evaluation(input) +
         render_training(input) + render_validation(input) + render_columns(input) + render_stages(input) +
         render_lineage(input) + render_configuration(input) + "</main>\n</body>\n</html>\n";
}

}  // namespace millrace
