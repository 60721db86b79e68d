#include "drift/column_distribution.hpp"

#include <algorithm>
#include <numeric>

namespace millrace {

std::size_t kept_values(std::size_t columns) {
  return std::clamp(kKeptValuesOfAll / std::max<std::size_t>(columns, 1), kReferenceGaps, kKeptValues);
}

std::uint64_t LevelDistribution::total() const {
  return std::accumulate(rows.begin(), rows.end(), other,
                         [](std::uint64_t sum, const auto& level) { return sum + level.second; });
}

bool has_levels(ColumnType type) {
  return type.kind == TypeKind::kText || type.kind == TypeKind::kBoolean;
}

bool ColumnDistribution::of_levels() const {
  return has_levels(type);
}

double ColumnDistribution::missing_share() const {
  return rows == 0 ? 0 : static_cast<double>(missing) / static_cast<double>(rows);
}

bool ColumnDistribution::exact() const {
  return of_levels() ? levels.other == 0 : numbers.exact();
}

void to_json(Json& json, const ColumnDistribution& column) {
  json = {{"name", column.name}, {"type", column.type}, {"rows", column.rows}, {"missing", column.missing}};
  if (column.of_levels()) {
    json["levels"] = column.levels.rows;
    json["other"] = column.levels.other;
    return;
  }
  json["points"] = column.numbers.points;
  json["at"] = column.numbers.at;
  if (!column.numbers.exact()) json["between"] = column.numbers.between;
}

void from_json(const Json& json, ColumnDistribution& column) {
  json.at("name").get_to(column.name);
  json.at("type").get_to(column.type);
  json.at("rows").get_to(column.rows);
  json.at("missing").get_to(column.missing);
  if (column.of_levels()) {
    json.at("levels").get_to(column.levels.rows);
    json.at("other").get_to(column.levels.other);
    return;
  }
  NumberDistribution& numbers = column.numbers;
  json.at("points").get_to(numbers.points);
  json.at("at").get_to(numbers.at);
  if (json.contains("between")) json["between"].get_to(numbers.between);
  const bool whole = numbers.at.size() == numbers.points.size() &&
                     (numbers.exact() || numbers.between.size() + 1 == numbers.points.size()) &&
                     std::ranges::is_sorted(numbers.points);
  if (!whole || (numbers.rows() != column.present()))
    throw internal_error("the distribution of column '{}' is not whole", column.name);
}

}  // namespace millrace
