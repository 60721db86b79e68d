// What takes sign-offs, which of them count, and what becomes of them.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/publish.hpp"
#include "registry/people.hpp"
#include "registry/stage_history.hpp"
#include "storage/journal.hpp"

namespace millrace {
namespace {

// The message of the error, with its exit code.
template <class Work>
std::string refusal(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return std::to_string(static_cast<int>(error.code())) + " " + error.message();
  }
  return "";
}

// Entries whose times are given, as no clock would.
void write_entry(const Journal& journal, std::uint64_t number, Json content, const std::string& time) {
  const auto entries = journal.read();
  content["number"] = number;
  content["previous"] = entries.empty() ? Json(nullptr) : Json(entries.back().digest.hex());
  content["time"] = time;
  content["user"] = "test";
  publish_file(journal.folder() + "/" + Journal::entry_name(number), pretty_json(content));
}

Json step(int version, const char* stage, const std::vector<int>& archived) {
  return {{"type", "stage"}, {"model", "churn"},     {"version", version},        {"stage", stage},
          {"comment", ""},   {"archived", archived}, {"sign_offs", Json::array()}};
}

std::string promotion(Registry& registry, std::uint64_t version = 1) {
  return refusal([&] { registry.change_stage("churn", version, "Production", ""); });
}

TEST(Stages, AreFreeWithoutAPolicy) {
  const testing_support::TemporaryFolder folder;
  Registry registry(folder / "registry");
  for (int i = 0; i < 2; ++i) (void)registry.register_version("churn", Json::object());
  EXPECT_EQ(registry.state().find("churn", 1)->stage, "None");
  registry.change_stage("churn", 1, "Production", "first");
  const StageChange change = registry.change_stage("churn", 2, "Production", "better");
  EXPECT_EQ(change.archived, (std::vector<std::uint64_t>{1}));
  const RegistryState state = registry.state();
  EXPECT_EQ(state.find("churn", 1)->stage, "Archived");
  EXPECT_EQ(state.find("churn", 2)->stage, "Production");
  EXPECT_EQ(state.stage_changes.size(), 2U);
  EXPECT_NE(
      refusal([&] { registry.change_stage("churn", 2, "Producton", ""); }).find("did you mean 'Production'"),
      std::string::npos);
  EXPECT_NE(promotion(registry, 2).find("has the stage Production already"), std::string::npos);
}

TEST(Stages, TagsAndDescriptionsAreOfTheVersion) {
  const testing_support::TemporaryFolder folder;
  Registry registry(folder / "registry");
  (void)registry.register_version("churn", Json::object());
  registry.set_tag("churn", 1, "team", "crm");
  registry.set_tag("churn", 1, "team", "crm");
  registry.set_tag("churn", 1, "old", "x");
  registry.set_tag("churn", 1, "old", std::nullopt);
  registry.describe("churn", 1, "the first");
  const RegistryState state = registry.state();
  EXPECT_EQ(state.find("churn", 1)->tags, (std::map<std::string, std::string>{{"team", "crm"}}));
  EXPECT_EQ(state.find("churn", 1)->description, "the first");
  EXPECT_EQ(state.entries, 5U);
  EXPECT_FALSE(refusal([&] { registry.set_tag("churn", 1, "a b", "x"); }).empty());
}

TEST(SignOffs, TwoPeopleInTwoRolesMakeAPromotionPossible) {
  GuardedRegistry guarded;
  EXPECT_EQ(promotion(guarded.registry),
            "4 churn/1 cannot go to Production: nobody has approved it as data-scientist, nor as compliance");
  const SignOff first = guarded.approve("anna@lab", "data-scientist");
  EXPECT_EQ(first.person, "anna@lab");
  EXPECT_EQ(promotion(guarded.registry),
            "4 churn/1 cannot go to Production: nobody has approved it as compliance");
  const SignOff second = guarded.approve("carl@lab", "compliance");
  const StageChange change = guarded.registry.change_stage("churn", 1, "Production", "");
  EXPECT_EQ(change.sign_offs, (std::vector<std::uint64_t>{first.entry, second.entry}));
  EXPECT_EQ(guarded.registry.state().find("churn", 1)->stage, "Production");
}

TEST(SignOffs, AreUsedUp) {
  GuardedRegistry guarded;
  guarded.approve("anna@lab", "data-scientist");
  guarded.approve("carl@lab", "compliance");
  guarded.registry.change_stage("churn", 1, "Production", "");
  guarded.registry.change_stage("churn", 1, "Staging", "down again, which takes nobody");
  EXPECT_NE(promotion(guarded.registry).find("nobody has approved"), std::string::npos);
}

TEST(SignOffs, OnePersonIsNotTwo) {
  GuardedRegistry guarded;
  guarded.approve("bert@lab", "compliance");
  EXPECT_NE(refusal([&] { guarded.approve("bert@lab", "data-scientist"); }).find("bert@lab has spoken about"),
            std::string::npos);
  EXPECT_NE(promotion(guarded.registry).find("data-scientist"), std::string::npos);
}

// Whoever could speak in both roles is taken for the one that nobody else has.
TEST(SignOffs, PeopleAreMatchedWithRoles) {
  GuardedRegistry guarded;
  guarded.policy.roles["compliance"] = {"bert@lab"};
  guarded.policy.changes = {};
  const std::string statement = to_text([&] {
    Statement change;
    change.policy = digest_of(canonical_json(guarded.policy));
    change.role = "compliance";
    return as_of(guarded.registry.state(), change);
  }());
  guarded.registry.record_sign_off(statement,
                                   sign(statement, guarded.people.key("carl@lab"), kSignOffSignature));
  guarded.registry.set_policy(guarded.policy);
  guarded.approve("bert@lab", "compliance");
  guarded.approve("anna@lab", "data-scientist");
  EXPECT_EQ(promotion(guarded.registry), "");
}

TEST(SignOffs, OfAnotherVersionCountForItAlone) {
  GuardedRegistry guarded;
  guarded.approve("anna@lab", "data-scientist", 2);
  guarded.approve("carl@lab", "compliance", 2);
  EXPECT_NE(promotion(guarded.registry, 1).find("nobody has approved"), std::string::npos);
  EXPECT_EQ(promotion(guarded.registry, 2), "");
}

TEST(SignOffs, OfAnotherArtifactCountNoMore) {
  GuardedRegistry guarded;
  const Statement before = guarded.about(1, "data-scientist");
  guarded.approve("carl@lab", "compliance");
  guarded.registry.record_artifact("churn", 1, digest_of("another"));
  EXPECT_NE(
      refusal([&] { guarded.record("anna@lab", before); }).find("artifact that churn/1 does not have now"),
      std::string::npos);
  guarded.approve("anna@lab", "data-scientist");
  EXPECT_NE(promotion(guarded.registry).find("nobody has approved it as compliance"), std::string::npos);
}

TEST(SignOffs, MustBeByTheRightKeyInTheRightRole) {
  GuardedRegistry guarded;
  EXPECT_NE(refusal([&] {
              guarded.approve("carl@lab", "data-scientist");
            }).find("carl@lab is not one of the policy's people in the role data-scientist"),
            std::string::npos);
  (void)guarded.people.add("eve@lab");
  EXPECT_EQ(refusal([&] { guarded.approve("eve@lab", "compliance"); }).substr(0, 27),
            "2 the sign-off is refused: ");
  const std::string text = to_text(guarded.about(1, "compliance"));
  const std::string other = to_text(guarded.about(2, "compliance"));
  const std::string signature = sign(text, guarded.people.key("carl@lab"), kSignOffSignature);
  EXPECT_FALSE(refusal([&] { guarded.registry.record_sign_off(other, signature); }).empty());
  EXPECT_FALSE(refusal([&] { guarded.registry.record_sign_off(text, "no signature"); }).empty());
  EXPECT_FALSE(refusal([&] { guarded.registry.record_sign_off("{}", signature); }).empty());
  EXPECT_EQ(guarded.registry.state().sign_offs.size(), 0U);
}

TEST(SignOffs, OfAKeyThatIsNoLongerValidAreRefused) {
  GuardedRegistry guarded;
  Policy policy = guarded.policy;
  policy.allowed_signers = guarded.people.add("dora@lab", "valid-before=\"20200101Z\"");
  policy.roles = {{"data-scientist", {"anna@lab"}}, {"compliance", {"dora@lab"}}};
  const testing_support::TemporaryFolder folder;
  Registry registry(folder / "registry");
  (void)registry.register_version("churn", Json::object());
  registry.set_policy(policy);
  Statement statement;
  statement.model = "churn";
  statement.version = 1;
  statement.stage = "Production";
  statement.role = "compliance";
  const std::string text = to_text(as_of(registry.state(), statement));
  const std::string signature = sign(text, guarded.people.key("dora@lab"), kSignOffSignature);
  EXPECT_FALSE(refusal([&] { registry.record_sign_off(text, signature); }).empty());
}

TEST(SignOffs, Expire) {
  GuardedRegistry guarded;
  Statement statement = guarded.about(1, "compliance");
  statement.expires = "2020-01-01T00:00:00.000Z";
  EXPECT_NE(refusal([&] { guarded.record("carl@lab", statement); }).find("it has expired"),
            std::string::npos);
  statement.expires = "2999-01-01T00:00:00.000Z";
  guarded.record("carl@lab", statement);
  guarded.approve("anna@lab", "data-scientist");
  EXPECT_EQ(promotion(guarded.registry), "");
}

// The journal knows a later time than the clock.
TEST(SignOffs, ThatHaveExpiredStayExpiredThoughTheClockIsSetBack) {
  GuardedRegistry guarded;
  Statement statement = guarded.about(1, "compliance");
  statement.expires = "2998-01-01T00:00:00.000Z";
  guarded.record("carl@lab", statement);
  guarded.approve("anna@lab", "data-scientist");
  const Journal journal(guarded.folder / "registry", "registry");
  write_entry(journal, guarded.registry.state().entries + 1,
              {{"type", "tag"}, {"model", "churn"}, {"version", 1}, {"name", "team"}, {"value", "crm"}},
              "2999-01-01T00:00:00.000Z");
  EXPECT_NE(promotion(guarded.registry).find("nobody has approved it as compliance"), std::string::npos);
}

TEST(SignOffs, OfAnotherHistoryAreRefused) {
  GuardedRegistry guarded;
  Statement statement = guarded.about(1, "compliance");
  statement.head = digest_of("another journal");
  EXPECT_NE(refusal([&] { guarded.record("carl@lab", statement); }).find("another history"),
            std::string::npos);
  statement.position = 1000;
  EXPECT_NE(refusal([&] { guarded.record("carl@lab", statement); }).find("another history"),
            std::string::npos);
}

TEST(SignOffs, CanBeWithdrawnByWhoGaveThemUntilTheyAreUsed) {
  GuardedRegistry guarded;
  const SignOff mine = guarded.approve("anna@lab", "data-scientist");
  Statement withdrawal;
  withdrawal.vote = Vote::kWithdraw;
  withdrawal.withdraws = mine.entry;
  withdrawal = as_of(guarded.registry.state(), withdrawal);
  EXPECT_NE(refusal([&] { guarded.record("carl@lab", withdrawal); }).find("is anna@lab's"),
            std::string::npos);
  guarded.record("anna@lab", withdrawal);
  guarded.approve("carl@lab", "compliance");
  EXPECT_NE(promotion(guarded.registry).find("nobody has approved it as data-scientist"), std::string::npos);
  const SignOff again = guarded.approve("anna@lab", "data-scientist");
  EXPECT_EQ(promotion(guarded.registry), "");
  withdrawal.withdraws = again.entry;
  EXPECT_NE(refusal([&] {
              guarded.record("anna@lab", as_of(guarded.registry.state(), withdrawal));
            }).find("was used by entry"),
            std::string::npos);
}

TEST(SignOffs, ARejectionStandsAgainstApprovals) {
  GuardedRegistry guarded;
  guarded.approve("anna@lab", "data-scientist");
  guarded.approve("carl@lab", "compliance");
  Statement no = guarded.about(1, "compliance", Vote::kReject);
  no.comment = "a segment is worse";
  guarded.record("bert@lab", no);
  EXPECT_NE(promotion(guarded.registry).find("bert@lab has rejected it as compliance"), std::string::npos);
  EXPECT_NE(promotion(guarded.registry).find("a segment is worse"), std::string::npos);
}

TEST(Policies, ChangeWithTheApprovalsOfTheOneBefore) {
  GuardedRegistry guarded;
  Policy open = guarded.policy;
  open.stages[1].approvals = {};
  EXPECT_EQ(refusal([&] { guarded.registry.set_policy(open); }),
            "4 the policy cannot change: nobody has approved it as compliance");
  Statement statement;
  statement.policy = digest_of(canonical_json(open));
  statement.role = "compliance";
  guarded.record("carl@lab", as_of(guarded.registry.state(), statement));
  guarded.registry.set_policy(open);
  EXPECT_EQ(promotion(guarded.registry), "");
}

TEST(Policies, KnowWhichStepsLeadUp) {
  const Policy policy;
  EXPECT_TRUE(policy.leads_up("None", "Production"));
  EXPECT_TRUE(policy.leads_up("Archived", "Staging"));
  EXPECT_TRUE(policy.leads_up("a stage of an earlier policy", "Production"));
  EXPECT_FALSE(policy.leads_up("Production", "Staging"));
  EXPECT_FALSE(policy.leads_up("Production", "Archived"));
  EXPECT_FALSE(policy.leads_up("a stage of an earlier policy", "Archived"));
}

// What went up under a policy can still be moved under one that has no such stage.
TEST(Policies, LeaveNoVersionBehind) {
  const testing_support::TemporaryFolder folder;
  Registry registry(folder / "registry");
  (void)registry.register_version("churn", Json::object());
  registry.change_stage("churn", 1, "Staging", "");
  Policy policy;
  policy.stages = {{"Live", {}}};
  registry.set_policy(policy);
  EXPECT_EQ(registry.change_stage("churn", 1, "Live", "").from, "Staging");
}

TEST(Policies, ThatContradictThemselvesAreRefused) {
  GuardedRegistry guarded;
  Policy policy = guarded.policy;
  policy.roles = {{"data-scientist", {"anna@lab"}}, {"compliance", {"anna@lab"}}};
  EXPECT_NE(refusal([&] { check_policy(policy); }).find("takes 2 approvals by different people"),
            std::string::npos);
  policy.roles.erase("compliance");
  EXPECT_NE(refusal([&] { check_policy(policy); }).find("none of its roles"), std::string::npos);
  policy.stages = {{"Archived", {}}};
  EXPECT_NE(refusal([&] { check_policy(policy); }).find("occurs twice"), std::string::npos);
}

TEST(StageHistory, KnowsWhatServedOnADay) {
  const testing_support::TemporaryFolder folder;
  Registry registry(folder / "registry");
  for (int i = 0; i < 2; ++i) (void)registry.register_version("churn", Json::object());
  const Journal journal(folder / "registry", "registry");
  write_entry(journal, 3, step(1, "Production", {}), "2999-03-01T10:00:00.000Z");
  write_entry(journal, 4, step(2, "Production", {1}), "2999-03-12T10:00:00.000Z");
  write_entry(journal, 5, step(2, "None", {}), "2999-04-01T10:00:00.000Z");
  const RegistryState state = registry.state();
  const auto on = [&](const std::string& day) {
    return stage_holders(state, "churn", "Production", end_of_moment(day));
  };
  EXPECT_TRUE(on("2999-02-28").empty());
  EXPECT_EQ(on("2999-03-11").at(0).version, 1U);
  ASSERT_EQ(on("2999-03-12").size(), 1U);
  EXPECT_EQ(on("2999-03-12")[0].version, 2U);
  EXPECT_EQ(on("2999-03-12T09:00:00.000Z").at(0).version, 1U);
  EXPECT_TRUE(on("2999-05-01").empty());
  EXPECT_THROW(end_of_moment("yesterday"), Error);
}

}  // namespace
}  // namespace millrace
