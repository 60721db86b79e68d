// What people sign: a statement about one version and stage, or about a policy, bound to the artifact and to
// the journal as it was, so that it says nothing about anything else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/ssh_signature.hpp"

namespace millrace {

inline constexpr SignaturePurpose kSignOffSignature{"millrace", "the sign-off", Topic::kRefusedSignOff};

enum class Vote : std::uint8_t {
  kApprove,
  kReject,    // stands against all approvals of the same until it is withdrawn
  kWithdraw,  // takes back a sign-off of one's own that has not been used
};
std::string to_string(Vote vote);

struct Statement {
  Vote vote = Vote::kApprove;
  // Of a version's promotion ...
  std::string model;
  std::uint64_t version = 0;
  std::string stage;
  Digest artifact;  // empty: the version has none
  // ... or of a policy.
  Digest policy;
  std::uint64_t withdraws = 0;  // the entry of the sign-off that is taken back
  std::string role;             // in which the person speaks
  std::string comment;
  std::string expires;         // RFC 3339, UTC; empty: never
  std::uint64_t position = 0;  // the journal's last entry when the statement was written, and its digest:
  Digest head;                 // it belongs to this journal and no other

  [[nodiscard]] bool is_about_policy() const { return !policy.empty(); }
  // Whether both are about the same version, stage and artifact, or the same policy.
  [[nodiscard]] bool same_subject(const Statement& other) const;
};

// The text that is signed, for people to read: JSON with "purpose": "millrace sign-off". Reading back throws
// kUsage for anything else.
std::string to_text(const Statement& statement);
Statement parse_statement(const std::string& text);

// "churn/7 for Production", "the policy 1a2b3c…".
std::string subject_of(const Statement& statement);

// As the journal holds it.
struct SignOff {
  std::uint64_t entry = 0;
  std::string time;
  std::string text;  // exactly what was signed
  std::string signature;
  std::string person;
  Statement statement;
  bool withdrawn = false;
  std::uint64_t used_by = 0;  // the entry of the promotion or policy that it made possible
};

}  // namespace millrace
