// What goes along with the model: profile, evaluation, card, licences, signature.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "packaging/archive.hpp"
#include "packaging/card.hpp"
#include "packaging/licences.hpp"
#include "packaging/signature.hpp"
#include "support/example_artifact.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::example_artifact;
using testing_support::TemporaryFolder;

ArtifactDocuments example_documents() {
  ArtifactDocuments documents;
  documents.profile = {{"inputs",
                        {{"part", "train"},
                         {"columns",
                          {{{"name", "age"}, {"missing", 3}, {"min", 18}, {"max", 99}},
                           {{"name", "contract"}, {"missing", 0}},
                           {{"name", "since"}, {"missing", 0}, {"min", 0}, {"max", 365}}}}}}};
  documents.evaluation = R"({"test":{"metrics":{"rows":9}}})";
  documents.licences = licences_of("CC-BY-4.0", "");
  documents.units = {{"age", "years"}};
  documents.card = "# A card\n";
  return documents;
}

TEST(Documents, ArePartsOfTheirOwnAndTheManifestDescribesTheColumns) {
  const TemporaryFolder folder;
  write_artifact(folder / "a", example_artifact(), example_documents());
  const ArtifactContents contents = read_contents(folder / "a");
  EXPECT_EQ(*contents.find("evaluation.json"), example_documents().evaluation);
  EXPECT_EQ(*contents.find("card.md"), "# A card\n");
  EXPECT_EQ(Json::parse(*contents.find("profile.json")), example_documents().profile);
  EXPECT_NE(contents.find("LICENCES")->find("Model: CC-BY-4.0\nData: not stated\n"), std::string::npos);
  EXPECT_EQ(contents.find("manifest.sig"), nullptr);
  const Json& inputs = contents.manifest["inputs"];
  EXPECT_EQ(inputs[0], (Json{{"name", "age"},
                             {"type", "integer"},
                             {"unit", "years"},
                             {"may_be_missing", true},
                             {"range", {18, 99}}}));
  EXPECT_EQ(inputs[1]["may_be_missing"], false);
  EXPECT_EQ(inputs[3]["range"], (Json{"1970-01-01", "1971-01-01"}));
  EXPECT_EQ(contents.manifest["licences"]["model"], "CC-BY-4.0");
  EXPECT_EQ(artifact_of(contents).version, 7U);
}

TEST(Documents, ManyLevelsAreListedUpToALimit) {
  std::vector<std::string> levels;
  for (std::size_t i = 0; i < kListedLevels + 5; ++i) levels.push_back("level " + std::to_string(i));
  FeaturePlan plan = testing_support::example_plan();
  plan.steps[2].transform = Embedding{Vocabulary(levels), 3};
  Network network = testing_support::example_scorer().network();
  NetworkSpec spec = network.spec();
  spec.embeddings[0].cardinality = static_cast<std::uint32_t>(levels.size() + 2);
  const Artifact artifact{"churn", 7, Json::object(), {plan, Network(spec, initial_parameters(spec, 1))}, {}};
  const Json city = describe_artifact(artifact, {})["inputs"][2];
  EXPECT_EQ(city["levels"].size(), kListedLevels);
  EXPECT_EQ(city["levels"][0], "level 0");
  EXPECT_EQ(city["level_count"], kListedLevels + 5);
}

// A card takes names and values from outside: none of them may become Markdown, HTML or another row.
TEST(Card, ShowsWhatIsThereAndSaysWhatIsNot) {
  Json description = describe_artifact(example_artifact(), example_documents());
  description["inputs"][1]["levels"][0] = "<b>|a\nb";
  const Json evaluation{
      {"test",
       {{"metrics", {{"auc", 0.84321}, {"rows", 1409}, {"brier", 0.25}, {"calibration_error", 0.125}}},
        {"bootstrap", {{"resamples", 1000}, {"intervals", {{"auc", {0.81, 0.87}}}}}},
        {"segments",
         {{{"column", "contract"}, {"value", "monthly"}, {"metrics", {{"rows", 12}, {"auc", 0.75}}}},
          {{"column", "contract"}, {"value", nullptr}, {"metrics", {{"rows", 700}}}}}},
        {"curves", {{"calibration", {{{"mean", 0.05}, {"share", 0.0625}, {"rows", 80}}}}}}}},
      {"gate", {{"reason", "auc 0.84 is not worse than 0.83"}}}};
  const std::string card =
      model_card(description, evaluation, {"To call those who may leave", "", "crm@lab"});
  for (const char* expected :
       {"# churn/7\n", "To call those who may leave\n", "| auc | 0.84321 | 0.81 to 0.87 |", "1000 resamples",
        "| contract | monthly | 12 (few) | 0.75 |", "| contract | (missing) | 700 |  |",
        "| 0.05 | 0.0625 | 80 |", "Expected calibration error 0.125, Brier score 0.25",
        "`package.card.limits` in the configuration says it", "| age | integer | years | 18 to 99 | yes |",
        "\\<b\\>\\|a b", "auc 0.84 is not worse"}) {
    EXPECT_NE(card.find(expected), std::string::npos) << expected << "\n" << card;
  }
  EXPECT_EQ(card.find("<b>"), std::string::npos);
  EXPECT_EQ(model_card(description, evaluation, {"To call those who may leave", "", "crm@lab"}), card);
  EXPECT_NE(model_card(description, Json::object(), {}).find("There were no test rows."), std::string::npos);
}

class Signature : public ::testing::Test {
 protected:
  std::string make_key(const std::string& person) {
    const int code =
        run_child({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", person, "-f", folder_ / person},
                  {"/dev/null", "/dev/null"}, 20);
    EXPECT_EQ(code, 0) << "ssh-keygen";
    return person + "@lab namespaces=\"millrace-artifact\" " + read_file(folder_ / (person + ".pub"));
  }
  ArtifactContents written(const Artifact& artifact, const std::string& person) {
    write_artifact(path_, artifact, example_documents(), person.empty() ? "" : folder_ / person);
    return read_contents(path_);
  }
  static void expect_refused(const std::function<void()>& action, const std::string& words) {
    try {
      action();
      ADD_FAILURE() << "no error: " << words;
    } catch (const Error& error) {
      EXPECT_EQ(error.topic(), Topic::kArtifactSignature) << error.message();
      EXPECT_NE(error.message().find(words), std::string::npos) << error.message();
    }
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "a.tar.zst";
};

TEST_F(Signature, TellsWhoSignedAndIsReproducible) {
  const std::string signers = make_key("anna") + make_key("bert");
  const ArtifactContents contents = written(example_artifact(), "bert");
  EXPECT_EQ(check_signature(contents, signers), "bert@lab");
  EXPECT_EQ(signature_key(contents).substr(0, 7), "SHA256:");
  const std::string bytes = read_file(path_);
  written(example_artifact(), "bert");
  EXPECT_TRUE(read_file(path_) == bytes);
  EXPECT_EQ(artifact_of(contents).model, "churn");
}

TEST_F(Signature, ByAnUnknownKeyOverAnotherManifestOrMissingIsRefused) {
  const std::string anna = make_key("anna");
  (void)make_key("eve");
  const auto by_eve = written(example_artifact(), "eve");
  expect_refused([&] { check_signature(by_eve, anna); }, "is refused");
  expect_refused([&] { check_signature(written(example_artifact(), ""), anna); }, "it is not signed");
  ArtifactContents other = written(example_artifact("binary", 8), "anna");
  other.parts["manifest.sig"] = written(example_artifact(), "anna").parts["manifest.sig"];
  expect_refused([&] { check_signature(other, anna); }, "is refused");
  expect_refused([&] { (void)signature_key(other); }, "is refused");
  other.parts["manifest.sig"] = "no signature at all";
  expect_refused([&] { (void)signature_key(other); }, "is refused");
}

TEST_F(Signature, ForAnotherPurposeIsRefused) {
  const std::string anna = make_key("anna");
  ArtifactContents contents = written(example_artifact(), "anna");
  contents.parts["manifest.sig"] = sign(*contents.find("manifest.json"), folder_ / "anna",
                                        {"millrace", "the sign-off", Topic::kRefusedSignOff});
  expect_refused([&] { check_signature(contents, anna); }, "is refused");
}

TEST_F(Signature, TellsAKeyThatIsNot) {
  expect_refused(
      [&] {
        std::ofstream(folder_ / "torn") << "no key";
        written(example_artifact(), "torn");
      },
      "is refused");
  EXPECT_THROW(written(example_artifact(), "absent"), Error);
  EXPECT_THROW((void)public_key(folder_ / "torn"), Error);
  (void)make_key("anna");
  EXPECT_EQ(public_key(folder_ / "anna"), public_key(folder_ / "anna.pub"));
}

}  // namespace
}  // namespace millrace
