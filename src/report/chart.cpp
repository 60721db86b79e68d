#include "report/chart.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "report/html.hpp"

namespace millrace::chart {

namespace {

constexpr double kWidth = 520;
constexpr double kHeight = 300;
constexpr double kLeft = 58;
constexpr double kRight = 14;
constexpr double kTop = 26;
constexpr double kBottom = 44;

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  [[nodiscard]] double share(double value) const { return (value - low) / (high - low); }
};

bool is_finite(const std::pair<double, double>& point) {
  return std::isfinite(point.first) && std::isfinite(point.second);
}

// Maps values to places in the picture and draws everything in these terms.
class Canvas {
 public:
  Canvas(const LineChart& chart, Range x, Range y)
      : chart_(chart), x_marks_(nice_marks(x.low, x.high, 6)), y_marks_(nice_marks(y.low, y.high, 5)) {
    x_ = chart.unit_square ? Range{x_marks_.front(), x_marks_.back()} : x;
    y_ = {y_marks_.front(), y_marks_.back()};
    if (x_.low == x_.high) x_ = {x_.low - 0.5, x_.high + 0.5};
  }

  std::string svg() {
    out_ = fmt::format("<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{} by {}\">\n",
                       kWidth, kHeight, html::escape(chart_.y_label), html::escape(chart_.x_label));
    draw_grid();
    if (chart_.unit_square) draw_line(at_x(0), at_y(0), at_x(1), at_y(1), "diagonal");
    if (!chart_.mark_label.empty()) draw_mark();
    for (std::size_t i = 0; i < chart_.series.size(); ++i) draw_series(chart_.series[i], i);
    return out_ + "</svg>\n";
  }

 private:
  [[nodiscard]] double at_x(double x) const { return kLeft + x_.share(x) * (kWidth - kLeft - kRight); }
  [[nodiscard]] double at_y(double y) const {
    return kHeight - kBottom - y_.share(y) * (kHeight - kTop - kBottom);
  }

  void draw_line(double x1, double y1, double x2, double y2, const char* style) {
    out_ += fmt::format("<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n",
                        style, x1, y1, x2, y2);
  }
  void draw_text(double x, double y, const char* anchor, const std::string& text,
                 const std::string& style = "") {
    out_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" class=\"{}\">{}</text>\n", x, y,
                        anchor, style, html::escape(text));
  }

  void draw_grid() {
    for (const double y : y_marks_) {
      draw_line(kLeft, at_y(y), kWidth - kRight, at_y(y), "grid");
      draw_text(kLeft - 6, at_y(y) + 4, "end", fmt::format("{:.6g}", y));
    }
    for (const double x : x_marks_) {
      if (x < x_.low || x > x_.high) continue;
      draw_text(at_x(x), kHeight - kBottom + 16, "middle", fmt::format("{:.6g}", x));
    }
    draw_text((kLeft + kWidth - kRight) / 2, kHeight - 8, "middle", chart_.x_label, "label");
    draw_text(8, 14, "start", chart_.y_label, "label");
  }

  void draw_mark() {
    draw_line(at_x(chart_.mark_x), kTop, at_x(chart_.mark_x), kHeight - kBottom, "mark");
    const bool left_half = x_.share(chart_.mark_x) < 0.5;
    draw_text(at_x(chart_.mark_x) + (left_half ? 5 : -5), kHeight - kBottom - 8, left_half ? "start" : "end",
              chart_.mark_label);
  }

  void draw_series(const Series& series, std::size_t index) {
    std::string path;
    std::string dots;
    for (const auto& point : series.points) {
      if (!is_finite(point)) continue;
      const double x = at_x(point.first);
      const double y = at_y(point.second);
      path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x, y);
      if (series.dots)
        dots += fmt::format("<circle class=\"s{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\"/>", index, x, y);
    }
    if (path.empty()) return;
    out_ += fmt::format("<path class=\"s{}\" d=\"{}\"/>{}\n", index, path, dots);
    if (chart_.series.size() > 1) draw_legend(index);
  }

  void draw_legend(std::size_t index) {
    const auto from_right = static_cast<double>(chart_.series.size() - 1 - index);
    draw_text(kWidth - kRight - 110.0 * from_right, 14, "end", "● " + chart_.series[index].name,
              fmt::format("s{}", index));
  }

  const LineChart& chart_;
  std::vector<double> x_marks_;
  std::vector<double> y_marks_;
  Range x_;
  Range y_;
  std::string out_;
};

}  // namespace

std::vector<double> nice_marks(double low, double high, int count) {
  if (!(high > low)) return {low - 1, low, low + 1};
  const double rough = (high - low) / count;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  const double multiple = rough / power <= 1 ? 1 : rough / power <= 2 ? 2 : rough / power <= 5 ? 5 : 10;
  const double step = multiple * power;
  std::vector<double> marks;
  for (double i = std::floor(low / step + 1e-9); i <= std::ceil(high / step - 1e-9); ++i)
    marks.push_back(i * step);
  return marks;
}

std::string draw(const LineChart& chart) {
  Range x;
  Range y;
  for (const Series& series : chart.series) {
    for (const auto& point : series.points) {
      if (!is_finite(point)) continue;
      x.add(point.first);
      y.add(point.second);
    }
  }
  if (x.low > x.high) return "";
  if (chart.unit_square) x = y = {0, 1};
  return Canvas(chart, x, y).svg();
}

std::string draw_histogram(const std::vector<double>& heights, const std::vector<std::string>& titles) {
  constexpr double kBarHeight = 60;
  constexpr double kAllBars = 240;
  const double highest = heights.empty() ? 0 : *std::max_element(heights.begin(), heights.end());
  if (!(highest > 0)) return "";
  const double width = kAllBars / static_cast<double>(heights.size());
  std::string out = fmt::format(
      "<svg class=\"histogram\" viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\">\n", kAllBars, kBarHeight);
  for (std::size_t i = 0; i < heights.size(); ++i) {
    if (!(heights[i] > 0)) continue;
    const double height =
        std::max(0.7, kBarHeight * heights[i] / highest);  // one row among millions still shows
    out += fmt::format(
        "<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\"><title>{}</title></rect>\n",
        width * static_cast<double>(i), kBarHeight - height, 0.92 * width, height, html::escape(titles[i]));
  }
  return out + "</svg>\n";
}

std::string draw_pairs(const std::vector<double>& first, const std::vector<double>& second,
                       const std::vector<std::string>& titles) {
  constexpr double kBarHeight = 60;
  constexpr double kAllBars = 240;
  const std::size_t bins = std::min({first.size(), second.size(), titles.size()});
  double highest = 0;
  for (std::size_t i = 0; i < bins; ++i) highest = std::max({highest, first[i], second[i]});
  if (!(highest > 0)) return "";
  const double width = kAllBars / static_cast<double>(bins);
  std::string out =
      fmt::format("<svg class=\"histogram pairs\" viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\">\n",
                  kAllBars, kBarHeight);
  const auto bar = [&](const char* kind, double at, double wide, double share, const std::string& title) {
    const double height = kBarHeight * share / highest;
    out += fmt::format(
        "<rect class=\"{}\" x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" "
        "height=\"{:.2f}\"><title>{}</title></rect>\n",
        kind, at, kBarHeight - height, wide, height, html::escape(title));
  };
  for (std::size_t i = 0; i < bins; ++i) {
    const double at = width * static_cast<double>(i);
    bar("before", at, 0.92 * width, first[i], titles[i]);
    bar("now", at + 0.23 * width, 0.46 * width, second[i], titles[i]);
  }
  return out + "</svg>\n";
}

}  // namespace millrace::chart
