// millrace registry statement | approve | reject | withdraw: what people sign, and what they have signed.
#include <chrono>

#include "base/file.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "cli/registry/actions.hpp"
#include "cli/registry/follow_up.hpp"
#include "cli/registry/policy_file.hpp"
#include "registry/hooks.hpp"

namespace millrace {

namespace {

po::options_description sign_options() {
  po::options_description options = workspace_options();
  options.add_options()                                                                               //
      ("reference", po::value<std::string>(), "MODEL, MODEL/VERSION or MODEL@ALIAS")                  //
      ("stage", po::value<std::string>(), "that the version would go to")                             //
      ("policy", po::value<std::string>(), "instead of a version: the policy in this file")           //
      ("role", po::value<std::string>(), "in which you speak")                                        //
      ("comment", po::value<std::string>(), "why")                                                    //
      ("days", po::value<double>(), "the sign-off expires after so many")                             //
      ("key", po::value<std::string>(), "your ssh key (a public one: the agent signs)")               //
      ("statement", po::value<std::string>(), "instead of all that: a file of `registry statement`")  //
      ("signature", po::value<std::string>(), "and what ssh-keygen has made of it");
  return options;
}

std::string expiry(const po::variables_map& values) {
  if (values.count("days") == 0) return "";
  using Clock = std::chrono::system_clock;
  const std::chrono::duration<double, std::ratio<86400>> days(values["days"].as<double>());
  if (!(days.count() > 0 && days.count() < 36500))
    throw Error(Topic::kCommandLine, "--days {} is not between 0 and 36,500", days.count());
  const auto at = Clock::now() + std::chrono::duration_cast<std::chrono::milliseconds>(days);
  return to_rfc3339(std::chrono::floor<std::chrono::milliseconds>(at));
}

Statement statement_from(const Command& self, const po::variables_map& values, const RegistryState& state,
                         Vote vote) {
  Statement statement;
  statement.vote = vote;
  statement.role = required_text(self, values, "role");
  statement.comment = text_of(values, "comment");
  statement.expires = expiry(values);
  if (values.count("policy") > 0) {
    statement.policy = digest_of(canonical_json(read_policy_file(text_of(values, "policy"))));
  } else {
    const ModelVersion& version = referred(self, values, state);
    statement.model = version.model;
    statement.version = version.version;
    statement.stage = required_text(self, values, "stage");
    (void)state.stages().rank_of(statement.stage);
  }
  return as_of(state, statement);
}

// `after`: what the sign-off set going.
void print_recorded(const SignOff& sign_off, const Json& after, bool json) {
  Json document = to_document(sign_off);
  document.update(after);
  if (json) return fmt::print("{}", pretty_json(document));
  fmt::print("{}: {}\n", subject_of(sign_off.statement), line_of(sign_off));
  if (after.contains("waits_for")) fmt::print("{}\n", after["waits_for"].get<std::string>());
  if (after.contains("promotion")) fmt::print("promoted to {}\n", sign_off.statement.stage);
  if (after.contains("endpoint")) fmt::print("deployed: endpoint {}\n", after["endpoint"].get<std::string>());
  if (after.contains("job")) fmt::print("its deployment is job {}\n", after["job"].get<std::string>());
}

// Records what was signed elsewhere, or has `statement` signed by --key.
template <class MakeStatement>
SignOff record(const po::variables_map& values, Registry& registry, const MakeStatement& make_statement) {
  std::string text;
  std::string signature;
  if (values.count("statement") > 0) {
    text = read_file(text_of(values, "statement"));
    const std::string file = text_of(values, "signature");
    signature = read_file(file.empty() ? text_of(values, "statement") + ".sig" : file);
  } else {
    text = to_text(make_statement());
    if (values.count("key") == 0) {
      throw Error(Topic::kCommandLine, "whose signature? --key FILE signs now; {}",
                  "`millrace registry statement` and --statement, --signature sign elsewhere");
    }
    signature = sign(text, text_of(values, "key"), kSignOffSignature);
  }
  return record_sign_off(registry, Hooks(workspace_of(values)), text, signature);
}

int speak(const Command& self, const Arguments& arguments, const Communicator& comm, Vote vote) {
  po::options_description options = sign_options();
  options.add_options()("hold", "only sign: promote and deploy later, by hand");
  const auto values = parse_options(self, arguments, options, {"reference"}, comm);
  if (!values) return 0;
  Registry registry = registry_of(*values);
  const SignOff said =
      record(*values, registry, [&] { return statement_from(self, *values, registry.state(), vote); });
  const bool goes_on = said.statement.vote == Vote::kApprove && values->count("hold") == 0;
  const Json after =
      goes_on ? follow_up(comm, Workspace(workspace_of(*values)), registry, said.statement) : Json::object();
  print_recorded(said, after, values->count("json") > 0);
  return 0;
}

int approve(const Command& self, const Arguments& arguments, const Communicator& comm) {
  return speak(self, arguments, comm, Vote::kApprove);
}

int reject(const Command& self, const Arguments& arguments, const Communicator& comm) {
  return speak(self, arguments, comm, Vote::kReject);
}

int print_statement(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = sign_options();
  options.add_options()("reject", "the vote is no");
  const auto values = parse_options(self, arguments, options, {"reference"}, comm);
  if (!values) return 0;
  const Vote vote = values->count("reject") > 0 ? Vote::kReject : Vote::kApprove;
  fmt::print("{}", to_text(statement_from(self, *values, registry_of(*values).state(), vote)));
  return 0;
}

int withdraw(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = sign_options();
  options.add_options()("entry", po::value<std::uint64_t>(), "the sign-off's number");
  const auto values = parse_options(self, arguments, options, {"entry"}, comm);
  if (!values) return 0;
  Registry registry = registry_of(*values);
  const SignOff said = record(*values, registry, [&] {
    if (values->count("entry") == 0) throw Error(Topic::kCommandLine, "which entry? {}", self.example);
    Statement statement;
    statement.vote = Vote::kWithdraw;
    statement.withdraws = (*values)["entry"].as<std::uint64_t>();
    statement.comment = text_of(*values, "comment");
    return as_of(registry.state(), statement);
  });
  print_recorded(said, Json::object(), values->count("json") > 0);
  return 0;
}

}  // namespace

Command registry_statement_action() {
  return {"registry statement",
          "MODEL[/VERSION|@ALIAS] --stage STAGE --role ROLE | --policy FILE --role ROLE [options]",
          "Print what a sign-off signs, to be signed with ssh-keygen -Y sign -n millrace",
          "millrace registry statement churn/7 --stage Production --role compliance > churn-7.json",
          false,
          print_statement};
}

Command registry_approve_action() {
  return {"registry approve",
          "MODEL[/VERSION|@ALIAS] --stage STAGE --role ROLE --key FILE | --statement FILE [options]",
          "Sign for a promotion, or for another policy; the last approval promotes and deploys",
          "millrace registry approve churn/7 --stage Production --role compliance --key ~/.ssh/id_ed25519",
          false,
          approve};
}

Command registry_reject_action() {
  return {"registry reject",
          "MODEL[/VERSION|@ALIAS] --stage STAGE --role ROLE --key FILE | --statement FILE [options]",
          "Sign against a promotion: it stands until it is withdrawn",
          "millrace registry reject churn/7 --stage Production --role compliance --key ~/.ssh/id_ed25519",
          false,
          reject};
}

Command registry_withdraw_action() {
  return {"registry withdraw",
          "ENTRY --key FILE | --statement FILE [options]",
          "Take back a sign-off of yours that has not been used",
          "millrace registry withdraw 12 --key ~/.ssh/id_ed25519",
          false,
          withdraw};
}

}  // namespace millrace
