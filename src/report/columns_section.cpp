#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "report/chart.hpp"
#include "report/html.hpp"
#include "report/sections.hpp"
#include "table/format.hpp"
#include "table/schema.hpp"

namespace millrace {

namespace {

using html::part;

constexpr std::size_t kMostCards = 500;
constexpr std::size_t kTopValues = 6;

// One column of the manifest, with what its card needs.
struct ColumnView {
  std::string name;
  ColumnType type;
  const Json& profile;
  const Json& statistics;
  std::string note;    // why the column is text
  std::string inputs;  // what features make of it
};

std::string value_text(double value, ColumnType type) {
  if (type == ColumnType::kReal || type.kind == TypeKind::kDecimal) return fmt::format("{:.5g}", value);
  return format_number(std::round(value), type);
}

std::string histogram(const ColumnView& column) {
  const Json& counts = part(column.profile, {"histogram"});
  const double low = html::number(part(column.statistics, {"min"}));
  const double high = html::number(part(column.statistics, {"max"}));
  if (!counts.is_array() || counts.empty() || !std::isfinite(low) || !std::isfinite(high)) return "";
  std::vector<double> heights;
  std::vector<std::string> titles;
  const double width = (high - low) / static_cast<double>(counts.size());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double from = low + width * static_cast<double>(i);
    heights.push_back(html::number(counts[i]));
    titles.push_back(fmt::format("{} to {}: {} rows", value_text(from, column.type),
                                 value_text(from + width, column.type), html::text(counts[i])));
  }
  return chart::draw_histogram(heights, titles) +
         fmt::format("<div class=\"ends\"><span>{}</span><span>{}</span></div>\n",
                     html::escape(value_text(low, column.type)), html::escape(value_text(high, column.type)));
}

// Kept in the order of the manifest: min, q01, q05, q25, q50, q75, q95, q99, max.
std::string quantiles(const ColumnView& column) {
  const Json& values = part(column.profile, {"quantiles"});
  if (!values.is_array() || values.size() != 9) return "";
  const auto row = [&](const char* name, std::size_t low, std::size_t high) {
    return fmt::format("<tr><td>{}</td><td class=\"figure\">{} … {}</td></tr>\n", name,
                       html::escape(value_text(html::number(values[low]), column.type)),
                       html::escape(value_text(html::number(values[high]), column.type)));
  };
  std::string out = "<table>\n";
  out += fmt::format("<tr><td>median</td><td class=\"figure\">{}</td></tr>\n",
                     html::escape(value_text(html::number(values[4]), column.type)));
  out += row("half", 3, 5) + row("nine in ten", 2, 6) + row("98 in 100", 1, 7);
  const double mean = html::number(part(column.statistics, {"mean"}));
  if (is_number(column.type) && std::isfinite(mean))
    out += fmt::format("<tr><td>mean</td><td class=\"figure\">{:.5g}</td></tr>\n", mean);
  return out + "</table>\n";
}

using ValueCount = std::pair<std::string, std::uint64_t>;

std::vector<ValueCount> most_frequent(const Json& counts) {
  std::vector<ValueCount> values;
  for (const auto& [value, count] : counts.items()) values.emplace_back(value, count.get<std::uint64_t>());
  const std::size_t kept = std::min(kTopValues, values.size());
  std::partial_sort(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(kept), values.end(),
                    [](const ValueCount& a, const ValueCount& b) {
                      return a.second != b.second ? a.second > b.second : a.first < b.first;
                    });
  values.resize(kept);
  return values;
}

std::string top_values(const ColumnView& column) {
  const Json& counts = part(column.statistics, {"distinct", "counts"});
  const double rows = html::number(part(column.statistics, {"rows"}));
  if (!counts.is_object() || !(rows > 0)) return "";
  std::string out;
  for (const auto& [value, count] : most_frequent(counts)) {
    const double share = static_cast<double>(count) / rows;
    out += fmt::format(
        "<div class=\"bar\" title=\"{0}: {1} rows\"><i "
        "style=\"width:{2:.1f}%\"></i><span>{0}</span><span>{3}</span></div>\n",
        html::escape(value), human_count(count), 100 * share, html::percent(share));
  }
  return out;
}

std::string distinct_text(const Json& statistics) {
  const Json& values = part(statistics, {"distinct", "values"});
  if (values.is_number()) return human_count(values.get<std::uint64_t>()) + " distinct";
  const Json& counts = part(statistics, {"distinct", "counts"});
  return counts.is_object() ? human_count(counts.size()) + " distinct" : "very many distinct";
}

std::string card(const ColumnView& column, bool is_target) {
  const double rows = html::number(part(column.statistics, {"rows"}));
  const double missing = rows > 0 ? html::number(part(column.statistics, {"missing"})) / rows : 0;
  std::string out = fmt::format(
      "<article class=\"card\">\n<header><h3 class=\"wrap\">{}</h3><span "
      "class=\"quiet\">{}</span></header>\n",
      html::escape(column.name), to_string(column.type));
  if (is_target) out += "<p>" + html::badge("plain", "target") + "</p>\n";
  out += fmt::format("<p class=\"quiet\">{} missing · {}</p>\n", html::percent(missing),
                     distinct_text(column.statistics));
  const bool categories = column.type == ColumnType::kText || column.type == ColumnType::kBoolean;
  out += categories ? top_values(column) : histogram(column) + quantiles(column);
  if (!column.inputs.empty()) out += "<p class=\"quiet\">→ " + html::escape(column.inputs) + "</p>\n";
  if (!column.note.empty()) out += "<p class=\"warn wrap\">" + html::escape(column.note) + "</p>\n";
  return out + "</article>\n";
}

std::string describe_step(const Json& step) {
  std::string kind = step.value("kind", "");
  if (kind == "onehot") return fmt::format("one-hot of {} levels", part(step, {"levels"}).size());
  if (kind == "embedding") {
    return fmt::format("embedding of {} levels in {} dimensions", human_count(part(step, {"levels"}).size()),
                       step.value("dimension", 0));
  }
  if (kind == "bins") return fmt::format("{} bins", part(step, {"edges"}).size() + 1);
  if (kind != "number") return kind;
  std::string out = step.value("log1p", false) ? "log, number" : "number";
  if (step.contains("clip")) out += ", clipped";
  if (step.value("indicator", false)) out += ", was-missing";
  return out;
}

// "number, was-missing; 16 bins". A step is flat, or holds its transform under that name.
std::string inputs_of(const Json& plan, const std::string& column) {
  std::vector<std::string> parts;
  for (const Json& step : part(plan, {"steps"})) {
    if (part(step, {"column"}) != column) continue;
    parts.push_back(describe_step(step.contains("transform") ? step.at("transform") : step));
  }
  return join(parts, "; ");
}

}  // namespace

std::string render_columns(const ReportInput& input) {
  const Json& schema = part(input.dataset, {"schema"});
  const Json& profiles = part(input.dataset, {"profile"});
  if (!schema.is_array() || !profiles.is_array()) return "";
  const Json& notes = part(input.dataset, {"inference_notes"});
  const Json& target = part(input.plan, {"target", "column"});
  const std::size_t columns = std::min({schema.size(), profiles.size(), kMostCards});
  std::string body;
  if (columns < schema.size()) {
    body += fmt::format("<p class=\"quiet\">The first {} of {} columns; the manifest has them all.</p>\n",
                        columns, schema.size());
  }
  body += "<div class=\"cards\">\n";
  for (std::size_t i = 0; i < columns; ++i) {
    const std::string name = schema[i].value("name", "");
    const std::string note = notes.is_array() && i < notes.size() ? notes[i].get<std::string>() : "";
    const ColumnView view{name,        parse_column_type(schema[i].value("type", "text")),
                          profiles[i], part(profiles[i], {"statistics"}),
                          note,        inputs_of(input.plan, name)};
    body += card(view, target == name);
  }
  return html::section("columns", "Columns", body + "</div>\n");
}

}  // namespace millrace
