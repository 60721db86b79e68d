#include "ingestion/reading_settings.hpp"

#include "config/config.hpp"

namespace millrace {

Json reading_settings(const DataConfig& config) {
  PipelineConfig all;
  all.data = config;
  Json data = config_to_json(all).at("data");
  for (const char* key : {"source", "partitions", "s3", "transfer", "target", "split", "filter", "branch",
                          "publish_check", "publish_check_seconds", "threads"}) {
    data.erase(key);
  }
  return data;
}

}  // namespace millrace
