#include "packaging/card.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "packaging/markdown.hpp"

namespace millrace {

namespace {

using markdown::number;
using markdown::plain;
using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t kListed = 12;  // values of a column, sources
constexpr double kFewRows = 30;      // of a segment: its metrics say little
constexpr const char* kSegmentMetrics[] = {"auc", "log_loss", "accuracy", "rmse", "mae", "r2"};

std::string section(const char* title, const std::string& text) {
  return fmt::format("## {}\n\n{}", title, text);
}

std::string paragraph(const std::string& text, const char* key) {
  if (text.empty())
    return fmt::format("Not stated: `package.card.{}` in the configuration says it.\n\n", key);
  return plain(text) + "\n\n";
}

std::string text_of(const Json& value) {
  return value.is_string() ? plain(value.get<std::string>()) : number(value);
}

// "a, b, c, and 12 more"
std::string some_of(const Json& values, std::uint64_t count) {
  std::vector<std::string> texts;
  for (const Json& value : values) {
    if (texts.size() < kListed) texts.push_back(text_of(value));
  }
  const std::string more =
      count > texts.size() ? fmt::format(", and {} more", human_count(count - texts.size())) : "";
  return join(texts, ", ") + more;
}

std::string values_of(const Json& input) {
  if (input.contains("levels")) return some_of(input["levels"], input["level_count"].get<std::uint64_t>());
  if (!input.contains("range")) return "";
  return text_of(input["range"][0]) + " to " + text_of(input["range"][1]);
}

std::string describe_model(const Json& description) {
  Rows rows{{"input", "type", "unit", "values in training", "may be missing"}};
  for (const Json& input : description.at("inputs")) {
    rows.push_back({text_of(input.at("name")), text_of(input.at("type")), plain(input.value("unit", "")),
                    values_of(input), input.value("may_be_missing", false) ? "yes" : "never seen so"});
  }
  std::string text = fmt::format("Predicts {}: {}", text_of(description.at("target")),
                                 description.at("task").get<std::string>());
  const Json& classes = description.at("classes");
  if (!classes.empty()) text += fmt::format(" ({})", some_of(classes, classes.size()));
  return text + ".\n\n" + markdown::table(rows);
}

std::string describe_data(const Json& data) {
  if (data.is_null()) return "Not known.\n\n";
  std::string text = fmt::format("{}: {} rows, {} records rejected.", text_of(data.at("name")),
                                 human_count(data.at("rows").get<std::uint64_t>()),
                                 human_count(data.at("rejected").get<std::uint64_t>()));
  for (const auto& [column, range] : data.at("dates").items())
    text += fmt::format(" {} from {} to {}.", plain(column), text_of(range[0]), text_of(range[1]));
  return text + " Sources: " + some_of(data.at("sources"), data.at("source_count").get<std::uint64_t>()) +
         ".\n\n";
}

std::string interval_of(const Json& bootstrap, const std::string& metric) {
  const Json intervals = bootstrap.value("intervals", Json::object());
  if (!intervals.contains(metric)) return "";
  return number(intervals[metric][0]) + " to " + number(intervals[metric][1]);
}

std::string describe_metrics(const Json& test, const Json& gate) {
  const Json metrics = test.value("metrics", Json::object());
  const Json bootstrap = test.value("bootstrap", Json::object());
  if (metrics.value("rows", 0.0) == 0) return "There were no test rows.\n\n";
  Rows rows{{"metric", "test rows", "95 % interval"}};
  for (const auto& [name, value] : metrics.items()) {
    if (name != "rows") rows.push_back({plain(name), number(value), interval_of(bootstrap, name)});
  }
  std::string text = markdown::table(rows);
  text += fmt::format("On {} test rows, which training has not seen.", number(metrics.at("rows")));
  const auto resamples = bootstrap.value("resamples", 0);
  if (resamples > 0) {
    text += fmt::format(
        " Intervals are percentiles of a Poisson bootstrap with {} resamples of the test rows: "
        "they say nothing of another training, nor of later data.",
        resamples);
  }
  return text + " Gate: " + plain(gate.value("reason", "none")) + "\n\n";
}

std::string value_of(const Json& segment) {
  if (segment.value("others", false)) return "(rarer values)";
  const Json& value = segment.at("value");
  return value.is_null() ? "(missing)" : text_of(value);
}

std::string describe_segments(const Json& segments) {
  Rows rows;
  for (const Json& segment : segments) {
    const Json& metrics = segment.at("metrics");
    if (rows.empty()) rows.push_back({"column", "value", "rows"});
    const bool few = metrics.at("rows").get<double>() < kFewRows;
    rows.push_back({text_of(segment.at("column")), value_of(segment),
                    number(metrics.at("rows")) + (few ? " (few)" : "")});
    for (const char* metric : kSegmentMetrics) {
      const bool asked =
          std::ranges::any_of(segments, [&](const Json& any) { return any.at("metrics").contains(metric); });
      if (!asked) continue;
      if (rows.size() == 2) rows.front().emplace_back(metric);
      rows.back().push_back(number(metrics.value(metric, Json())));
    }
  }
  if (rows.empty()) return "No column has few values (`evaluation.segments` names columns).\n\n";
  return markdown::table(rows) +
         fmt::format("A segment of fewer than {} rows is marked as few: its figures say little.\n\n",
                     kFewRows);
}

std::string describe_calibration(const Json& test) {
  const Json bins = test.value("/curves/calibration"_json_pointer, Json::array());
  if (bins.empty()) return "";
  Rows rows{{"predicted probability", "share that was so", "rows"}};
  for (const Json& bin : bins)
    rows.push_back({number(bin.at("mean")), number(bin.at("share")), number(bin.at("rows"))});
  const Json& metrics = test.at("metrics");
  return section("Calibration",
                 markdown::table(rows) + fmt::format("Expected calibration error {}, Brier score {}.\n\n",
                                                     number(metrics.at("calibration_error")),
                                                     number(metrics.at("brier"))));
}

std::string describe_lineage(const Json& lineage) {
  Rows rows{{"made from", "SHA-256"}};
  for (const char* key : {"dataset", "features", "weights", "evaluation"}) {
    if (lineage.contains(key)) rows.push_back({key, fmt::format("`{}`", lineage[key].get<std::string>())});
  }
  return markdown::table(rows) + "Code: " + plain(lineage.value("code_version", "unknown")) + "\n\n";
}

std::string describe_licences(const Json& description) {
  const Json licences = description.value("licences", Json::object());
  return fmt::format("Model: {}Data: {}", paragraph(licences.value("model", ""), "licence"),
                     paragraph(licences.value("data", ""), "data_licence"));
}

constexpr const char* kVerify =
    "`millrace package verify FILE` compares each part with its digest, runs the golden rows, and with "
    "`--signers FILE` says who signed. Without Millrace: `tar --zstd -xf FILE`, then the digests under "
    "`parts` in manifest.json against `sha256sum *`, and where there is a manifest.sig "
    "`ssh-keygen -Y verify -f allowed_signers -I PERSON -n millrace-artifact -s manifest.sig < "
    "manifest.json`.\n";

}  // namespace

std::string model_card(const Json& description, const Json& evaluation, const CardTexts& texts) {
  const Json test = evaluation.value("test", Json::object());
  const Json& lineage = description.at("lineage");
  std::string card = fmt::format("# {}/{}\n\n", plain(description.at("model").get<std::string>()),
                                 number(description.at("version")));
  card += section("Purpose", paragraph(texts.purpose, "purpose"));
  card += section("Model", describe_model(description));
  card += section("Data", describe_data(lineage.value("data", Json())));
  card += section("Metrics", describe_metrics(test, evaluation.value("gate", Json::object())));
  card += section("Segments", describe_segments(test.value("segments", Json::array())));
  card += describe_calibration(test);
  card +=
      section("Limits", paragraph(texts.limits, "limits") +
                            "Values that training has not seen are answered all the same: numbers outside "
                            "of the ranges above, levels that are not listed, and missing values where "
                            "there were none.\n\n");
  card += section("Contact", paragraph(texts.contact, "contact"));
  card += section("Lineage", describe_lineage(lineage));
  card += section("Licences", describe_licences(description));
  return card + section("How to verify", kVerify);
}

}  // namespace millrace
