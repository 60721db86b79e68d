#include "registry/hooks.hpp"

namespace millrace {

namespace {

Json hex_or_null(const std::optional<Digest>& digest) {
  return digest ? Json(digest->hex()) : Json(nullptr);
}

HookEvent stage_event(const RegistryState& state, const std::string& model, std::uint64_t number,
                      const std::string& stage, const std::string& comment) {
  const ModelVersion& version = state.resolve(fmt::format("{}/{}", model, number));
  const bool up = state.stages().leads_up(version.stage, stage);
  return {up ? "promote" : "demote",
          version.name(),
          {{"model", model},
           {"version", number},
           {"from", version.stage},
           {"to", stage},
           {"comment", comment},
           {"artifact", hex_or_null(version.artifact)}}};
}

// What is said decides, not which command brought it.
HookEvent sign_off_event(const std::string& text, const std::string& signature) {
  const Statement statement = parse_statement(text);
  const std::string subject = statement.vote == Vote::kWithdraw ? fmt::format("entry {}", statement.withdraws)
                                                                : subject_of(statement);
  return {to_string(statement.vote),
          subject,
          {{"statement", parse_json(text, "the statement")}, {"signature", signature}}};
}

}  // namespace

ModelVersion register_version(Registry& registry, const Hooks& hooks, const NewVersion& made,
                              const Hooks::Listener& listener) {
  HookEvent event{
      "register", made.model, {{"model", made.model}, {"details", made.details}, {"records", made.records}}};
  hooks.before(event);
  ModelVersion version = registry.register_version(made.model, made.details, made.records);
  event.subject = version.name();
  event.details["version"] = version.version;
  hooks.after(event, listener);
  return version;
}

StageChange change_stage(Registry& registry, const Hooks& hooks, const std::string& model,
                         std::uint64_t version, const std::string& stage, const std::string& comment) {
  HookEvent event = stage_event(registry.state(), model, version, stage, comment);
  hooks.before(event);
  StageChange change = registry.change_stage(model, version, stage, comment);
  event.details["entry"] = change.entry;
  event.details["archived"] = change.archived;
  hooks.after(event);
  return change;
}

SignOff record_sign_off(Registry& registry, const Hooks& hooks, const std::string& text,
                        const std::string& signature) {
  HookEvent event = sign_off_event(text, signature);
  hooks.before(event);
  SignOff sign_off = registry.record_sign_off(text, signature);
  event.details["entry"] = sign_off.entry;
  event.details["person"] = sign_off.person;
  hooks.after(event);
  return sign_off;
}

}  // namespace millrace
