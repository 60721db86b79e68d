// Loading and unloading by an admin; tokens.
#include <thread>

#include <gtest/gtest.h>

#include "base/publish.hpp"
#include "registry/registry.hpp"
#include "tiny_service.hpp"

namespace millrace {
namespace {

using testing_support::TemporaryFolder;
using testing_support::tiny_artifact;
using testing_support::TinyService;
using testing_support::two_rows;

class Repository : public ::testing::Test {
 protected:
  Repository() {
    Registry registry(service_.place.workspace.path("registry"));
    for (const std::uint64_t version : {1U, 2U}) {
      const ModelVersion added = registry.register_version("other", Json::object());
      Artifact artifact = tiny_artifact(Task::kBinary, version);
      artifact.model = "other";
      registry.record_artifact("other", added.version, service_.place.put(artifact));
    }
  }
  HttpResponse change(const std::string& path, const std::string& body = "") const {
    const HttpHeader token{"Authorization", "Bearer an admin's token"};
    return service_.post("/v2/repository/models/" + path, body, {&token, 1});
  }
  [[nodiscard]] std::vector<std::string> index() const {
    std::vector<std::string> lines;
    for (const Json& entry : Json::parse(service_.post("/v2/repository/index", "").body)) {
      lines.push_back(entry.at("name").get<std::string>() + " " + entry.at("version").get<std::string>() +
                      " " + entry.at("state").get<std::string>());
    }
    return lines;
  }
  TinyService service_;
};

TEST_F(Repository, LoadsTheNewestOrAVersionAndUnloads) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(index(), (Lines{"churn 7 READY", "front 7 READY", "other 1 UNAVAILABLE", "other 2 UNAVAILABLE"}));
  EXPECT_EQ(service_.post("/v2/models/other/infer", two_rows().dump()).status, 404);
  EXPECT_EQ(change("other/load").status, 200);
  EXPECT_EQ(Json::parse(service_.post("/v2/models/other/infer", two_rows().dump()).body).at("model_version"),
            "2");
  EXPECT_EQ(change("other/load", R"({"parameters": {"version": "1"}})").status, 200);
  EXPECT_EQ(index(), (Lines{"churn 7 READY", "front 7 READY", "other 2 READY", "other 1 READY"}));
  EXPECT_EQ(Json::parse(service_.post("/v2/models/other/versions/1/infer", two_rows().dump()).body)
                .at("model_version"),
            "1");
  EXPECT_EQ(change("other/unload", R"({"parameters": {"version": "2"}})").status, 200);
  EXPECT_EQ(Json::parse(service_.get("/v2/models/other").body).at("versions"), Json::array({"1"}));
  EXPECT_EQ(change("other/unload").status, 200);
  EXPECT_EQ(service_.get("/v2/models/other").status, 404);
}

TEST_F(Repository, RefusesWhatIsNotThere) {
  const auto error = [&](const HttpResponse& answer) {
    EXPECT_EQ(answer.status, 400);
    return Json::parse(answer.body).at("error").get<std::string>();
  };
  EXPECT_NE(error(change("othre/load")).find("did you mean"), std::string::npos);
  EXPECT_NE(error(change("other/load", R"({"parameters": {"version": "9"}})")), "");
  EXPECT_NE(error(change("..%2f..%2fetc/load")), "");
  EXPECT_EQ(error(change("other/unload")), "other is not loaded");
  EXPECT_EQ(error(change("churn/unload")),
            "churn is deployed at endpoint 'front', which alone can take it away");
  EXPECT_THROW((void)change("other/load", "nonsense"), Error);
}

// Whoever has begun is answered, by the version that it began with.
TEST_F(Repository, UnloadingHarmsNoRequest) {
  std::atomic<bool> stop = false;
  std::atomic<int> asked = 0, wrong = 0;
  {
    std::vector<std::jthread> clients;
    for (int c = 0; c < 2; ++c) {
      clients.emplace_back([&] {
        while (!stop) {
          const HttpResponse answer = service_.post("/v2/models/other/infer", two_rows().dump());
          if (answer.status != 200 && answer.status != 404) ++wrong;
          ++asked;
        }
      });
    }
    for (int i = 0; i < 10; ++i) {
      EXPECT_EQ(change("other/load").status, 200);
      EXPECT_EQ(change("other/unload").status, 200);
    }
    stop = true;
  }
  EXPECT_GT(asked, 10);
  EXPECT_EQ(wrong, 0);
}

TEST_F(Repository, IsForAdminsAlone) {
  EXPECT_EQ(service_.post("/v2/repository/models/other/load", "").status, 401);
  const HttpHeader wrong{"Authorization", "Bearer an admin's tokem"};
  EXPECT_EQ(service_.post("/v2/repository/models/other/load", "", {&wrong, 1}).status, 401);
  const HttpHeader basic{"Authorization", "Basic an admin's token"};
  EXPECT_EQ(service_.post("/v2/repository/models/other/load", "", {&basic, 1}).status, 401);
}

TEST(Authorization, TokensOpenWhatTheyAreFor) {
  const Authorization both({digest_of("a user's long token")}, {digest_of("an admin's long token")});
  const Authorization open({}, {});
  const auto status = [](const Authorization& authorization, const char* header, Access access) {
    const HttpHeader token{"authorization", header};
    const auto refusal =
        authorization.refuse({.method = "GET", .target = "/", .body = {}, .headers = {&token, 1}}, access);
    return refusal ? refusal->status : 200;
  };
  EXPECT_EQ(status(both, "", Access::kOpen), 200);
  EXPECT_EQ(status(both, "", Access::kUse), 401);
  EXPECT_EQ(status(both, "Bearer a user's long token", Access::kUse), 200);
  EXPECT_EQ(status(both, "bearer a user's long token", Access::kUse), 200);
  EXPECT_EQ(status(both, "Bearer an admin's long token", Access::kUse), 200);
  EXPECT_EQ(status(both, "Bearer a user's long token", Access::kAdmin), 403);
  EXPECT_EQ(status(both, "Bearer an admin's long token", Access::kAdmin), 200);
  EXPECT_EQ(status(both, "Bearer ", Access::kUse), 401);
  EXPECT_EQ(status(open, "", Access::kUse), 200);
  EXPECT_EQ(status(open, "Bearer x", Access::kAdmin), 403);
}

TEST(Authorization, FilesOfTokens) {
  const TemporaryFolder folder;
  publish_file(folder / "tokens", "# of the team\n\n0123456789abcdef\r\n  fedcba9876543210  \n");
  const std::vector<Digest> tokens = read_tokens(folder / "tokens");
  EXPECT_EQ(tokens, (std::vector{digest_of("0123456789abcdef"), digest_of("fedcba9876543210")}));
  publish_file(folder / "short", "0123456789abcdef\nsecret\n");
  publish_file(folder / "none", "# nothing\n");
  for (const char* file : {"short", "none", "missing"})
    EXPECT_THROW(read_tokens(folder / file), Error) << file;
  try {
    (void)read_tokens(folder / "short");
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("a token of 6 characters in line 2"), std::string::npos);
    EXPECT_EQ(error.message().find("secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace millrace
