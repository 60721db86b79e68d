#include "report/chart.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace millrace::chart {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(NiceMarks, CoverTheRangeInRoundSteps) {
  for (const double low : {-1e6, -3.7, 0.0, 0.001, 12.0}) {
    for (const double width : {1e-5, 0.3, 1.0, 7.0, 12345.0}) {
      const std::vector<double> marks = nice_marks(low, low + width, 5);
      ASSERT_GE(marks.size(), 2U);
      EXPECT_LE(marks.size(), 9U);
      const double step = marks[1] - marks[0];
      EXPECT_LE(marks.front(), low + 1e-6 * step);
      EXPECT_GE(marks.back(), low + width - 1e-6 * step);
      EXPECT_GT(marks.front(), low - 1.01 * step);
      EXPECT_LT(marks.back(), low + width + 1.01 * step);
    }
  }
}

TEST(NiceMarks, APointGetsRoom) {
  EXPECT_EQ(nice_marks(3, 3, 5), (std::vector<double>{2, 3, 4}));
}

LineChart chart_of(std::vector<std::pair<double, double>> points) {
  return {"x", "y", {{"one", std::move(points)}}, false, 0, ""};
}

bool has_no_number(const std::string& svg) {
  return svg.find("nan") != std::string::npos || svg.find("inf") != std::string::npos;
}

TEST(LineChart, WithoutPointsThereIsNone) {
  EXPECT_EQ(draw({"x", "y", {}, false, 0, ""}), "");
  EXPECT_EQ(draw(chart_of({})), "");
  EXPECT_EQ(draw(chart_of({{1, std::nan("")}, {kInfinity, 2}})), "");
}

TEST(LineChart, OddPointsStayDrawable) {
  for (const auto& points :
       std::vector<std::vector<std::pair<double, double>>>{{{1, 1}},
                                                           {{1, 5}, {2, 5}},
                                                           {{1, 2}, {2, std::nan("")}, {3, 4}},
                                                           {{1, 1e300}, {2, -1e300}},
                                                           {{1, 1e-300}, {2, 0}}}) {
    const std::string svg = draw(chart_of(points));
    EXPECT_NE(svg.find("<path"), std::string::npos);
    EXPECT_FALSE(has_no_number(svg)) << svg;
  }
}

TEST(LineChart, NamesAreEscaped) {
  LineChart chart = chart_of({{1, 1}, {2, 2}});
  chart.x_label = "<x>";
  chart.series.push_back(chart.series[0]);
  chart.series[0].name = "a&b";
  const std::string svg = draw(chart);
  EXPECT_EQ(svg.find("<x>"), std::string::npos);
  EXPECT_NE(svg.find("a&amp;b"), std::string::npos);
}

TEST(Histogram, HasABarForEachFilledBin) {
  const std::string svg = draw_histogram({0, 3, 1e9, 0, 1}, {"a", "b", "c", "d", "e<"});
  std::size_t bars = 0;
  for (auto at = svg.find("<rect"); at != std::string::npos; at = svg.find("<rect", at + 1)) ++bars;
  EXPECT_EQ(bars, 3U);
  EXPECT_NE(svg.find("e&lt;"), std::string::npos);
  EXPECT_FALSE(has_no_number(svg));
  EXPECT_EQ(draw_histogram({}, {}), "");
  EXPECT_EQ(draw_histogram({0, 0}, {"a", "b"}), "");
}

}  // namespace
}  // namespace millrace::chart
