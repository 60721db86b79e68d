#include "validation/validate.hpp"

#include "base/log.hpp"
#include "config/config.hpp"
#include "pipeline/verify.hpp"

namespace millrace {

namespace {

Digest dataset_version(const Outputs& outputs) {
  return Digest::from_hex(outputs.at("ingest").at("dataset").get<std::string>());
}

Json settings(const PipelineConfig& config) {
  return config_to_json(config).at("validation");
}

Json inputs(const StageContext&, const Outputs& outputs) {
  return {{"dataset", dataset_version(outputs).hex()}};
}

Json run(const StageContext& context, const Outputs& outputs) {
  const auto reader =
      context.comm.agree([&] { return DatasetReader(context.workspace, dataset_version(outputs)); });
  verify_dataset(context, reader);
  context.comm.agree([&] { check_expectations(context.config.validation, reader.dataset()); });
  const Verdict verdict =
      validate(context.comm, context.config.validation, reader.dataset(), context.workspace);
  return context.on_root([&]() -> Json {
    return {{"verdict", context.workspace.put_object(canonical_json(verdict)).hex()},
            {"accepted", verdict.accepted()},
            {"passed", verdict.count(true, Action::kReject) + verdict.count(true, Action::kWarn)},
            {"warnings", verdict.count(false, Action::kWarn)},
            {"failed", verdict.count(false, Action::kReject)}};
  });
}

bool holds(const StageContext& context, const Outputs&, const Json& output) {
  return context.workspace.has_object(Digest::from_hex(output.at("verdict").get<std::string>()));
}

void refuse(const StageContext& context, const Json& output) {
  const Digest digest = Digest::from_hex(output.at("verdict").get<std::string>());
  const auto verdict = context.comm.agree(
      [&] { return parse_document<Verdict>(context.workspace.get_object(digest), "the verdict"); });
  if (output.at("warnings").get<int>() > 0 || !verdict.accepted()) log_info("{}", format_verdict(verdict));
  if (verdict.accepted()) return;
  throw data_error(
      "validation rejected the data: {} of {} checks failed (see the table above, or report.html); mend "
      "the data, or loosen the rule in 'validation'",
      output.at("failed").get<int>(), verdict.checks.size());
}

}  // namespace

Stage validate_stage() {
  return {"validate", 1, settings, inputs, run, holds, refuse};
}

}  // namespace millrace
