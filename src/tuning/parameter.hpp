// One parameter of a search space: the values that a key of the configuration may have.
//
// Numbers lie on a line on which a uniform draw is a draw of the parameter: x, or log x. A stepped number
// owns the piece of the line from itself to the next one, so that all steps are equally likely (by their
// logarithms under loguniform), and its position is the middle of its piece.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "config/tuning_config.hpp"

namespace millrace::tuning {

using Assignment = std::map<std::string, Json>;  // key of the configuration → value

class Parameter {
 public:
  // `config` has passed check_space (config/search_space.hpp).
  Parameter(std::string key, TuningParameter config);

  [[nodiscard]] const std::string& key() const { return key_; }
  [[nodiscard]] const std::map<std::string, std::vector<AnyValue>>& when() const { return config_.when; }
  // Whether its conditions hold among the values of those that they name.
  [[nodiscard]] bool is_active(const Assignment& assignment) const;

  // How many values there are; nothing: any number between two.
  [[nodiscard]] std::optional<std::uint64_t> levels() const { return levels_; }
  [[nodiscard]] Json level(std::uint64_t index) const;

  [[nodiscard]] bool is_choice() const { return !config_.choice.empty(); }
  [[nodiscard]] std::size_t choice_of(const Json& value) const;
  // Not of a choice: the ends of the line, the value at a place on it, the place of a value.
  [[nodiscard]] double line_begin() const { return line_begin_; }
  [[nodiscard]] double line_end() const { return line_end_; }
  [[nodiscard]] Json at(double position) const;
  [[nodiscard]] double position_of(const Json& value) const;

 private:
  [[nodiscard]] double on_line(double number) const;
  [[nodiscard]] double off_line(double position) const;
  void measure();

  std::string key_;
  TuningParameter config_;
  bool log_;
  bool whole_;
  double low_ = 0;
  double high_ = 0;
  double step_ = 0;  // 0: none
  std::optional<std::uint64_t> levels_;
  double line_begin_ = 0;
  double line_end_ = 0;
};

}  // namespace millrace::tuning
