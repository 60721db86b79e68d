// Prometheus' text format 0.0.4, which servers answer with and the node exporter reads from files.
#pragma once

#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace millrace {

// Grows family by family: what `family` begins, `sample` fills, before the next begins.
class PrometheusText {
 public:
  // `type`: gauge, counter, histogram.
  void family(std::string_view name, std::string_view type, std::string_view help);

  // `labels` as of label_list; "" for none.
  template <class Value>
  void sample(std::string_view name, std::string_view labels, const Value& value) {
    text_ += name;
    if (!labels.empty()) fmt::format_to(std::back_inserter(text_), "{{{}}}", labels);
    fmt::format_to(std::back_inserter(text_), " {}\n", value);
  }
  [[nodiscard]] std::string text() { return std::move(text_); }

 private:
  std::string text_;
};

// Between the quotes of a label. Bytes that are no UTF-8, for which Prometheus would refuse all of the text,
// become U+FFFD.
std::string label_value(std::string_view text);
// {{"model", "churn"}, {"arm", "current"}} as model="churn",arm="current".
std::string label_list(std::initializer_list<std::pair<std::string_view, std::string_view>> labels);

}  // namespace millrace
