#include "registry/sign_off.hpp"

#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr const char* kSignOffPurpose = "millrace sign-off";

Vote parse_vote(const std::string& text) {
  for (const Vote vote : {Vote::kApprove, Vote::kReject, Vote::kWithdraw}) {
    if (to_string(vote) == text) return vote;
  }
  throw Error(Topic::kRefusedSignOff, "the sign-off is refused: its vote is '{}'", text);
}

Json digest_json(const Digest& digest) {
  return digest.empty() ? Json(nullptr) : Json(digest.hex());
}

Digest read_digest(const Json& json, const char* key) {
  const Json& value = json.at(key);
  return value.is_null() ? Digest() : Digest::from_hex(value.get<std::string>());
}

Statement read_statement(const Json& json) {
  Statement statement;
  statement.vote = parse_vote(json.at("vote"));
  statement.model = json.at("model");
  statement.version = json.at("version");
  statement.stage = json.at("stage");
  statement.artifact = read_digest(json, "artifact");
  statement.policy = read_digest(json, "policy");
  statement.withdraws = json.at("withdraws");
  statement.role = json.at("role");
  statement.comment = json.at("comment");
  statement.expires = json.at("expires");
  statement.position = json.at("position");
  statement.head = read_digest(json, "head");
  return statement;
}

}  // namespace

std::string to_string(Vote vote) {
  switch (vote) {
    case Vote::kApprove:
      return "approve";
    case Vote::kReject:
      return "reject";
    case Vote::kWithdraw:
      break;
  }
  return "withdraw";
}

bool Statement::same_subject(const Statement& other) const {
  return model == other.model && version == other.version && stage == other.stage &&
         artifact == other.artifact && policy == other.policy;
}

std::string to_text(const Statement& statement) {
  return pretty_json({{"purpose", kSignOffPurpose},
                      {"vote", to_string(statement.vote)},
                      {"model", statement.model},
                      {"version", statement.version},
                      {"stage", statement.stage},
                      {"artifact", digest_json(statement.artifact)},
                      {"policy", digest_json(statement.policy)},
                      {"withdraws", statement.withdraws},
                      {"role", statement.role},
                      {"comment", statement.comment},
                      {"expires", statement.expires},
                      {"position", statement.position},
                      {"head", digest_json(statement.head)}});
}

Statement parse_statement(const std::string& text) {
  const Json json = parse_json(text, "the statement");
  try {
    if (json.at("purpose") != kSignOffPurpose) throw Error(Topic::kRefusedSignOff, "its purpose is another");
    return read_statement(json);
  } catch (const std::exception& error) {
    throw Error(Topic::kRefusedSignOff, "the sign-off is refused: this is no statement of Millrace's: {}",
                error.what());
  }
}

std::string subject_of(const Statement& statement) {
  if (statement.is_about_policy()) return fmt::format("the policy {}", statement.policy.brief());
  return fmt::format("{}/{} for {}", statement.model, statement.version, statement.stage);
}

}  // namespace millrace
