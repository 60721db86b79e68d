#include "pipeline/dialect.hpp"

namespace millrace {

Json dialect_to_json(const DataConfig& config) {
  return {{"delimiter", config.delimiter}, {"quote", config.quote},     {"header", config.header},
          {"names", config.names},         {"missing", config.missing}, {"trim", config.trim}};
}

DataConfig dialect_from_json(const Json& json) {
  DataConfig config;
  json.at("delimiter").get_to(config.delimiter);
  json.at("quote").get_to(config.quote);
  json.at("header").get_to(config.header);
  json.at("names").get_to(config.names);
  json.at("missing").get_to(config.missing);
  json.at("trim").get_to(config.trim);
  return config;
}

}  // namespace millrace
