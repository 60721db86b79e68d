#include "pipeline/named_columns.hpp"

#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

void check(const std::string& key, const Mark& mark, const std::string& name, const Schema& schema) {
  if (schema.contains(name)) return;
  throw Error(Topic::kUnknownColumn, "{}: {} names '{}', which is no column of the data{}", mark.str(), key,
              name, suggestion(name, schema.names()));
}

}  // namespace

void check_named_columns(const PipelineConfig& config, const Schema& schema) {
  for (const SourceText& name : config.evaluation.segments.value_or(std::vector<SourceText>()))
    check("evaluation.segments", name.mark, name.text, schema);
  for (const auto& [name, unit] : config.package.card.units)
    check("package.card.units", unit.mark, name, schema);
}

}  // namespace millrace
