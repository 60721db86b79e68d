#include "pipeline/stage.hpp"

#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

Json StageContext::on_root(const std::function<Json()>& work) const {
  std::string text = comm.agree([&] { return comm.is_root() ? work().dump() : std::string(); });
  comm.broadcast(text);
  return Json::parse(text);
}

std::optional<std::uint64_t> source_bytes(const StageContext& context) {
  if (!context.sources->has_value()) return std::nullopt;
  std::uint64_t bytes = 0;
  for (const SourceFile& file : context.sources->value().files()) bytes += file.bytes;
  return bytes;
}

const std::vector<Stage>& pipeline_stages() {
  static const std::vector<Stage> kStages{ingest_stage(),  validate_stage(), features_stage(),
                                          train_stage(),   evaluate_stage(), register_stage(),
                                          package_stage(), deploy_stage()};
  return kStages;
}

std::size_t stage_index(const std::string& name) {
  std::vector<std::string> names;
  for (const Stage& stage : pipeline_stages()) {
    if (stage.name == name) return names.size();
    names.push_back(stage.name);
  }
  throw Error(Topic::kUnknownName, "there is no stage '{}'{}; stages: {}", name, suggestion(name, names),
              join(names, ", "));
}

}  // namespace millrace
