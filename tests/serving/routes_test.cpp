#include "serving/routes.hpp"

#include <gtest/gtest.h>

namespace millrace {
namespace {

struct Case {
  const char* target;
  Resource resource;
  const char* model;
  const char* version;
};

TEST(Routes, FindTheResource) {
  for (const Case& expected :
       {Case{"/v2", Resource::kServer, "", ""}, Case{"/v2/", Resource::kServer, "", ""},
        Case{"/v2/health/live", Resource::kLive, "", ""},
        Case{"/v2/health/ready?verbose=1", Resource::kReady, "", ""},
        Case{"/metrics", Resource::kMetrics, "", ""}, Case{"/v2/models/churn", Resource::kModel, "churn", ""},
        Case{"/v2/models/churn/versions/7", Resource::kModel, "churn", "7"},
        Case{"/v2/models/churn/ready", Resource::kModelReady, "churn", ""},
        Case{"/v2/models/churn/versions/7/ready", Resource::kModelReady, "churn", "7"},
        Case{"/v2/models/churn/infer", Resource::kInfer, "churn", ""},
        Case{"/v2/models/churn/versions/7/infer/", Resource::kInfer, "churn", "7"},
        Case{"/v2/models/versions/predict", Resource::kPredict, "versions", ""}}) {
    const auto route = find_route(expected.target);
    ASSERT_TRUE(route) << expected.target;
    EXPECT_EQ(route->resource, expected.resource) << expected.target;
    EXPECT_EQ(route->model, expected.model) << expected.target;
    EXPECT_EQ(route->version, expected.version) << expected.target;
  }
}

TEST(Routes, RefuseAnythingElse) {
  for (const char* target : {"", "/", "//", "*", "/v1", "/v2/x", "/v2/models", "/v2/models/churn/versions",
                             "/v2/models/churn/train", "/v2/models/churn/versions/7/infer/x", "/v2/health",
                             "/metrics/x", "/v2/models/churn/infer/ready", "/v2/models//infer",
                             "/v2/models//ready", "/v2/models/churn/versions//infer"}) {
    EXPECT_FALSE(find_route(target)) << target;
  }
}

}  // namespace
}  // namespace millrace
