#include "validation/validate.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "config/config.hpp"
#include "pipeline/accepted.hpp"
#include "pipeline/dataset_reader.hpp"

namespace millrace {

namespace {

Digest dataset_version(const Outputs& outputs) {
  return Digest::from_hex(outputs.at("ingest").at("dataset").get<std::string>());
}

Json validate_settings(const PipelineConfig& config) {
  const Json all = config_to_json(config);
  return {{"validation", all.at("validation")}, {"target", all.at("data").at("target")}};
}

// The record of the data that this data is compared with; empty where there is none.
std::string reference(const StageContext& context, const Outputs& outputs) {
  return context.on_root([&]() -> Json { return find_accepted(context, dataset_version(outputs)); });
}

Json validate_inputs(const StageContext& context, const Outputs& outputs) {
  return {{"dataset", dataset_version(outputs).hex()}, {"reference", reference(context, outputs)}};
}

Json publish(const StageContext& context, const Outputs& outputs, const Verdict& verdict,
             const std::string& compared_with) {
  const Digest object = context.workspace.put_object(canonical_json(verdict));
  if (verdict.accepted()) accept(context, dataset_version(outputs), object, compared_with);
  return {{"verdict", object.hex()},
          {"accepted", verdict.accepted()},
          {"passed", verdict.count(true, Action::kReject) + verdict.count(true, Action::kWarn)},
          {"warnings", verdict.count(false, Action::kWarn)},
          {"failed", verdict.count(false, Action::kReject)}};
}

Json run_validate(const StageContext& context, const Outputs& outputs) {
  const auto reader =
      context.comm.agree([&] { return DatasetReader(context.workspace, dataset_version(outputs)); });
  context.comm.agree([&] { check_expectations(context.config.validation, reader.dataset()); });
  const std::string compared_with = reference(context, outputs);
  const auto earlier = context.comm.agree([&] { return read_accepted(context.workspace, compared_with); });
  const Verdict verdict = validate(context.comm, context.config.validation, context.config.data.target,
                                   reader.dataset(), context.workspace, earlier ? &*earlier : nullptr);
  return context.on_root([&] { return publish(context, outputs, verdict, compared_with); });
}

// Data that was accepted in between is no longer what the next data should be compared with.
bool validate_holds(const StageContext& context, const Outputs& outputs, const Json& output) {
  return context.workspace.has_object(Digest::from_hex(output.at("verdict").get<std::string>())) &&
         (!output.at("accepted").get<bool>() || is_accepted(context, dataset_version(outputs)));
}

// "schema plan: found the column is gone", for the first few.
std::string failures(const Verdict& verdict) {
  constexpr std::size_t kShown = 3;
  std::vector<std::string> shown;
  for (const CheckResult& check : verdict.checks) {
    if (check.passed || check.action != Action::kReject) continue;
    if (shown.size() == kShown) {
      shown.emplace_back("…");
      break;
    }
    shown.push_back(fmt::format("{} {}: found {}", check.check,
                                check.column.empty() ? "(table)" : check.column, check.observed));
  }
  return join(shown, "; ");
}

void refuse_data(const StageContext& context, const Json& output) {
  const Digest digest = Digest::from_hex(output.at("verdict").get<std::string>());
  const auto verdict = context.comm.agree(
      [&] { return parse_document<Verdict>(context.workspace.get_object(digest), "the verdict"); });
  if (output.at("warnings").get<int>() > 0 || !verdict.accepted()) log_info("{}", format_verdict(verdict));
  if (verdict.accepted()) return;
  throw Error(
      Topic::kValidationRejected,
      "validation rejected the data: {} of {} checks failed: {} (report.html has all); mend the data, "
      "or loosen the rule in 'validation'",
      output.at("failed").get<int>(), verdict.checks.size(), failures(verdict));
}

}  // namespace

Stage validate_stage() {
  return {"validate", 2, validate_settings, validate_inputs, run_validate, validate_holds, refuse_data};
}

}  // namespace millrace
