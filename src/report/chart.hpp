// Private to report/: charts as inline SVG; colours come from the page's style sheet.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace millrace::chart {

struct Series {
  std::string name;  // for the legend
  std::vector<std::pair<double, double>> points;
  bool dots = false;  // marks each point
};

struct LineChart {
  std::string x_label;
  std::string y_label;
  std::vector<Series> series;  // up to three
  bool unit_square = false;    // both axes from 0 to 1, with the diagonal
  double mark_x = 0;           // a vertical line with mark_label; none where the label is empty
  std::string mark_label;
};

// Empty where no series has a finite point.
std::string draw(const LineChart& chart);

// Bars of equal width without axes; titles[i] is shown when pointing at bar i.
std::string draw_histogram(const std::vector<double>& heights, const std::vector<std::string>& titles);

// Two distributions over the same bins: bars of the second within those of the first.
std::string draw_pairs(const std::vector<double>& first, const std::vector<double>& second,
                       const std::vector<std::string>& titles);

// Marks of 1, 2 or 5 times a power of ten that cover [low, high], about `count` of them.
std::vector<double> nice_marks(double low, double high, int count);

}  // namespace millrace::chart
