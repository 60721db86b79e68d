#include "base/text.hpp"

#include <fmt/ranges.h>

#include "cli/registry/actions.hpp"
#include "pipeline/summary.hpp"
#include "storage/objects.hpp"

namespace millrace {

namespace {

std::string day_of(const std::string& time) {
  return time.substr(0, 10);
}

const char* past(Vote vote) {
  switch (vote) {
    case Vote::kApprove:
      return "approved";
    case Vote::kReject:
      return "rejected";
    case Vote::kWithdraw:
      break;
  }
  return "withdrawn";
}

std::string fate_of(const SignOff& sign_off) {
  if (sign_off.withdrawn) return ", withdrawn since";
  if (sign_off.used_by != 0) return fmt::format(", used by entry {}", sign_off.used_by);
  const std::string& expires = sign_off.statement.expires;
  return expires.empty() ? "" : ", until " + expires;
}

}  // namespace

Registry registry_of(const po::variables_map& values) {
  return Registry(Workspace(workspace_of(values)).path("registry"));
}

const ModelVersion& referred(const Command& self, const po::variables_map& values,
                             const RegistryState& state) {
  return state.resolve(required_text(self, values, "reference"));
}

Json to_document(const ModelVersion& version) {
  return {{"model", version.model},
          {"version", version.version},
          {"aliases", version.aliases},
          {"stage", version.stage},
          {"tags", version.tags},
          {"description", version.description},
          {"artifact", version.artifact ? Json(version.artifact->hex()) : Json(nullptr)},
          {"details", version.details()}};
}

Json to_document(const StageChange& change) {
  return {{"entry", change.entry},
          {"time", change.time},
          {"user", change.user},
          {"model", change.model},
          {"version", change.version},
          {"from", change.from},
          {"to", change.to},
          {"comment", change.comment},
          {"archived", change.archived},
          {"sign_offs", change.sign_offs}};
}

Json to_document(const SignOff& sign_off) {
  const Statement& said = sign_off.statement;
  return {{"entry", sign_off.entry},      {"time", sign_off.time},      {"person", sign_off.person},
          {"vote", to_string(said.vote)}, {"role", said.role},          {"stage", said.stage},
          {"comment", said.comment},      {"expires", said.expires},    {"withdrawn", sign_off.withdrawn},
          {"used_by", sign_off.used_by},  {"statement", sign_off.text}, {"signature", sign_off.signature}};
}

void print_line(const ModelVersion& version) {
  fmt::print("{:<24} {:<11} {:<12} {:<24} {}\n", version.name(), version.stage, join(version.aliases, ","),
             version.trained, describe_metrics(version.test_metrics));
}

std::string line_of(const SignOff& sign_off) {
  const Statement& said = sign_off.statement;
  return fmt::format("{} by {} as {}, {} (entry {}{}){}", past(said.vote), sign_off.person, said.role,
                     day_of(sign_off.time), sign_off.entry, fate_of(sign_off),
                     said.comment.empty() ? "" : ": " + said.comment);
}

std::string line_of(const StageChange& change) {
  return fmt::format(
      "{}  {}/{}  {} → {}  by {}{}{}", change.time, change.model, change.version, change.from, change.to,
      change.user,
      change.sign_offs.empty() ? "" : fmt::format(", entries {}", fmt::join(change.sign_offs, " and ")),
      change.comment.empty() ? "" : ": " + change.comment);
}

}  // namespace millrace
