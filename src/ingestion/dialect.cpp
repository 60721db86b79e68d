#include "ingestion/dialect.hpp"

namespace millrace {

Json dialect_to_json(const DataConfig& config, const Dataset& dataset) {
  Json formats = Json::object();
  for (const auto& [column, format] : config.formats) formats[column] = format.text;
  return {{"encoding", config.encoding},
          {"delimiter", dataset.delimiter.empty() ? config.delimiter : dataset.delimiter},
          {"quote", config.quote},
          {"escape", config.escape},
          {"comment", config.comment},
          {"header", config.header},
          {"names", config.names},
          {"formats", formats},
          {"missing", config.missing},
          {"trim", config.trim}};
}

DataConfig dialect_from_json(const Json& json) {
  DataConfig config;
  config.encoding =
      json.value("encoding", config.encoding);  // this and those below: older artifacts lack them
  config.escape = json.value("escape", config.escape);
  config.comment = json.value("comment", config.comment);
  const auto formats = json.value("formats", std::map<std::string, std::string>{});
  for (const auto& [column, format] : formats) config.formats[column].text = format;
  json.at("delimiter").get_to(config.delimiter);
  json.at("quote").get_to(config.quote);
  json.at("header").get_to(config.header);
  json.at("names").get_to(config.names);
  json.at("missing").get_to(config.missing);
  json.at("trim").get_to(config.trim);
  return config;
}

}  // namespace millrace
