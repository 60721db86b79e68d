#include "pipeline/cache.hpp"

#include "pipeline/ledger.hpp"

namespace millrace {

namespace {

// The key that the newest run of this pipeline gave the stage; empty where there is none.
Digest last_key(const Stage& stage, const StageContext& context) {
  for (const Json& run : list_runs(context.workspace)) {
    if (run.value("pipeline", "") != context.config.name) continue;
    for (const Json& entry : run.value("stages", Json::array())) {
      if (entry.value("name", "") == stage.name) return Digest::from_hex(entry.at("key").get<std::string>());
    }
  }
  return {};
}

}  // namespace

Json cached_output(const Stage& stage, const StageContext& context, const Outputs& outputs,
                   const Digest& key) {
  return context.on_root([&]() -> Json {
    const auto action = context.workspace.find_action(stage.name, key);
    if (!action) return nullptr;
    const Json& output = action->at("output");
    return !stage.holds || stage.holds(context, outputs, output) ? output : Json(nullptr);
  });
}

void record_output(const Stage& stage, const StageContext& context, const StageKey& key, const Json& output) {
  context.comm.agree([&] {
    if (!context.comm.is_root()) return;
    context.workspace.record_action(stage.name, key.digest, {{"key", key.parts}, {"output", output}});
  });
}

std::vector<std::string> reasons_to_run(const Stage& stage, const StageContext& context,
                                        const StageKey& key) {
  const Digest before = last_key(stage, context);
  if (before.empty()) return {"it has not run in this workspace"};
  if (before == key.digest) return {"its result is no longer in place"};
  const auto action = context.workspace.find_action(stage.name, before);
  if (!action) return {"the key of its last run is not in this workspace"};
  return key_differences(action->at("key"), key.parts);
}

}  // namespace millrace
