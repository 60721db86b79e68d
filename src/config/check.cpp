#include "config/check.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

void check_characters(const DataConfig& data, const YamlNode& tree) {
  std::map<std::string, const char*> keys;
  for (const auto& [key, character] :
       {std::pair{"data.delimiter", data.delimiter}, std::pair{"data.quote", data.quote},
        std::pair{"data.escape", data.escape}, std::pair{"data.comment", data.comment}}) {
    const auto [same, is_new] = keys.emplace(character, key);
    if (is_new || character.empty()) continue;
    throw Error(Topic::kContradiction, "{}: {} and {} must differ", place_of(tree, same->second).str(),
                same->second, key);
  }
}

void check_format(const DataConfig& data, const YamlNode& tree) {
  const auto place = [&](const char* key) { return place_of(tree, key).str(); };
  if (!data.header && data.names.empty()) {
    throw Error(Topic::kColumnNames, "{}: files without a header need data.names", place("data.header"));
  }
  if (data.header && !data.names.empty()) {
    throw Error(Topic::kColumnNames,
                "{}: data.names is for files without a header; add data.header: false, or leave it out",
                place("data.names"));
  }
  std::set<std::string> seen;
  for (const std::string& name : data.names) {
    if (!seen.insert(name).second)
      throw Error(Topic::kColumnNames, "{}: '{}' is in data.names twice", place("data.names"), name);
  }
  check_characters(data, tree);
  if (data.shard_bytes % data.block_bytes != 0) {
    const bool block_given = data.block_bytes != DataConfig{}.block_bytes;
    throw Error(
        Topic::kContradiction, "{}: data.shard_bytes ({}) must be a multiple of data.block_bytes ({})",
        place(block_given ? "data.block_bytes" : "data.shard_bytes"), data.shard_bytes, data.block_bytes);
  }
}

void check_target(const DataConfig& data) {
  for (const SourceText& column : data.drop) {
    if (column.text == data.target.column.text) {
      throw Error(Topic::kContradiction, "{}: '{}' is the target, so data.drop cannot leave it out",
                  column.mark.str(), column.text);
    }
  }
}

void check_expectation(const Expectation& expectation) {
  const bool checks = expectation.type || expectation.max_missing || expectation.between ||
                      expectation.in_set || expectation.regex || expectation.unique;
  if (!checks) {
    throw Error(Topic::kMissingKey,
                "{}: nothing is expected of '{}': add type, max_missing, between, in_set, regex or unique",
                expectation.column.mark.str(), expectation.column.text);
  }
}

void check_webhook(const WebhookConfig& webhook) {
  if (webhook.secret_url && !webhook.url.empty())
    throw Error(Topic::kContradiction, "{}: alerts.webhook has url and secret_url; leave one of them out",
                webhook.secret_url->mark.str());
}

template <class T>
void check_order(const T& min, const std::optional<T>& max, const char* section, const YamlNode& tree) {
  if (max && min > *max) {
    throw Error(Topic::kContradiction, "{}: {}.min must not be above {}.max", place_of(tree, section).str(),
                section, section);
  }
}

}  // namespace

void check_config(const PipelineConfig& config, const YamlNode& tree) {
  check_format(config.data, tree);
  check_target(config.data);
  std::for_each(config.validation.expect.begin(), config.validation.expect.end(), check_expectation);
  check_webhook(config.alerts.webhook);
  check_order(config.validation.rows.min, config.validation.rows.max, "validation.rows", tree);
  if (const auto& gate = config.evaluation.gate; gate && gate->min) {
    check_order(*gate->min, gate->max, "evaluation.gate", tree);
  }
}

}  // namespace millrace
