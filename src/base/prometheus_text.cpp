#include "base/prometheus_text.hpp"

#include "base/encodings.hpp"

namespace millrace {

namespace {

// As label values have it, and help texts, in which a quote stands for itself.
std::string escaped(std::string_view text, std::string_view special) {
  std::string result;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) result += '\\';
    result += c == '\n' ? 'n' : c;
  }
  return result;
}

}  // namespace

void PrometheusText::family(std::string_view name, std::string_view type, std::string_view help) {
  fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, escaped(help, "\\\n"), name,
                 type);
}

std::string label_value(std::string_view text) {
  return escaped(as_utf8(text), "\\\"\n");
}

std::string label_list(std::initializer_list<std::pair<std::string_view, std::string_view>> labels) {
  std::string list;
  for (const auto& [name, value] : labels)
    fmt::format_to(std::back_inserter(list), "{}{}=\"{}\"", list.empty() ? "" : ",", name,
                   label_value(value));
  return list;
}

}  // namespace millrace
