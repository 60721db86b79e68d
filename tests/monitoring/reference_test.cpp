#include "monitoring/reference.hpp"

#include <gtest/gtest.h>

#include "monitoring/example_model.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::contains;
using testing_support::error_of;

TEST(Reference, ComesBackFromTheArtifact) {
  const testing_support::TemporaryFolder folder;
  const MonitoredModel model = testing_support::example_model();
  ArtifactDocuments documents;
  documents.reference = {{"inputs", {{"columns", model.reference.inputs}}},
                         {"target", {{"columns", Json::array({model.reference.target})}}},
                         {"predictions", {{"columns", model.reference.predictions}}}};
  documents.evaluation = R"({"test": {"metrics": {"auc": 0.75, "note": "text"}}})";
  write_artifact(folder.path() + "/a.tar.zst", model.artifact, documents);
  const MonitoredModel read = read_monitored_model(folder.path() + "/a.tar.zst");
  EXPECT_EQ(read.name(), "churn/7");
  EXPECT_EQ(Json(read.reference.inputs), Json(model.reference.inputs));
  EXPECT_EQ(Json(read.reference.target), Json(model.reference.target));
  EXPECT_EQ(Json(read.reference.predictions), Json(model.reference.predictions));
  EXPECT_EQ(read.reference.metrics, (std::map<std::string, double>{{"auc", 0.75}}));
}

TEST(Reference, AnArtifactOfAnEarlierVersionHasNone) {
  const testing_support::TemporaryFolder folder;
  write_artifact(folder.path() + "/a.tar.zst", testing_support::example_artifact());
  EXPECT_EQ(error_of([&] { (void)read_monitored_model(folder.path() + "/a.tar.zst"); }),
            "2: churn/7 has no reference.json: its artifact was made by an earlier version of Millrace");
}

}  // namespace
}  // namespace millrace
