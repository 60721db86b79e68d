#include "pipeline/accepted.hpp"

namespace millrace {

namespace {

constexpr const char* kKind = "accepted";
constexpr const char* kWhat = "record of accepted data";

Digest digest_in(const Json& record, const char* key) {
  return Digest::from_hex(json_get<std::string>(record, key, kWhat));
}

Json read_record(const Workspace& workspace, const Digest& record) {
  return parse_json(workspace.get_object(record), kWhat);
}

// Null where there is none.
Json last_record(const StageContext& context) {
  const auto record = context.workspace.find_ref(kKind, context.config.name);
  if (!record || !context.workspace.has_object(*record)) return nullptr;
  return read_record(context.workspace, *record);
}

std::string settings_of_reading(const PipelineConfig& config) {
  return digest_of(canonical_json(ingest_stage().settings(config))).hex();
}

bool can_be_compared(const StageContext& context, const Json& record) {
  return json_get<std::string>(record, "read_as", kWhat) == settings_of_reading(context.config) &&
         context.workspace.has_object(digest_in(record, "dataset")) &&
         context.workspace.has_object(digest_in(record, "verdict"));
}

}  // namespace

std::string find_accepted(const StageContext& context, const Digest& dataset) {
  if (context.config.validation.reference.dataset == "none") return "";
  const Json last = last_record(context);
  if (last.is_null()) return "";
  if (digest_in(last, "dataset") != dataset) {
    return can_be_compared(context, last) ? context.workspace.find_ref(kKind, context.config.name)->hex()
                                          : "";
  }
  const auto before = json_get<std::string>(last, "compared_with", kWhat);
  if (before.empty() || !context.workspace.has_object(Digest::from_hex(before))) return "";
  return can_be_compared(context, read_record(context.workspace, Digest::from_hex(before))) ? before : "";
}

std::optional<Reference> read_accepted(const Workspace& workspace, const std::string& record) {
  if (record.empty()) return std::nullopt;
  const Json accepted = read_record(workspace, Digest::from_hex(record));
  return Reference{
      parse_json(workspace.get_object(digest_in(accepted, "dataset")), "the dataset accepted before")
          .get<Dataset>(),
      parse_json(workspace.get_object(digest_in(accepted, "verdict")), "the verdict before").get<Verdict>()};
}

bool is_accepted(const StageContext& context, const Digest& dataset) {
  const Json last = last_record(context);
  return !last.is_null() && digest_in(last, "dataset") == dataset;
}

void accept(const StageContext& context, const Digest& dataset, const Digest& verdict,
            const std::string& compared_with) {
  const Json record{{"dataset", dataset.hex()},
                    {"verdict", verdict.hex()},
                    {"read_as", settings_of_reading(context.config)},
                    {"compared_with", compared_with}};
  context.workspace.set_ref(kKind, context.config.name, context.workspace.put_object(canonical_json(record)));
}

}  // namespace millrace
