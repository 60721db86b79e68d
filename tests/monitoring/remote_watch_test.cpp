// A watched prefix of an object store.
#include <cstdlib>

#include "monitoring/watch_fixture.hpp"
#include "support/object_server.hpp"

namespace millrace {
namespace {

using testing_support::ObjectServer;
using testing_support::RawRequest;
using testing_support::RawServer;

class RemoteWatch : public testing_support::WatchTest {
 protected:
  RemoteWatch() {
    ::setenv("AWS_ACCESS_KEY_ID", "who", 1);
    ::setenv("AWS_SECRET_ACCESS_KEY", "word", 1);
    config_.data.s3.endpoint = server_.url("");
    config_.data.transfer = {.part_bytes = 100, .connections = 1, .attempts = 1, .retry_seconds = 0.01};
    source("s3://bucket/data/");
  }

  ObjectServer objects_;
  bool is_away_ = false;
  RawServer server_{[this](const RawRequest& request) {
    return is_away_ ? testing_support::answer(503, "", "") : objects_(request);
  }};
};

TEST_F(RemoteWatch, AnObjectCountsOnceItsTagHasStood) {
  objects_.put("/bucket/data/a.csv", "x\n1\n");
  EXPECT_EQ(seen_after(0), "; a.csv");
  objects_.put("/bucket/data/a.csv", "x\n2\n");
  EXPECT_EQ(seen_after(300), "; a.csv");
  EXPECT_EQ(seen_after(300), "a.csv ;");
  EXPECT_EQ(after(60).contents[0].digest, digest_of("x\n2\n").hex());
}

TEST_F(RemoteWatch, WhatIsKnownIsListedAndNotFetched) {
  objects_.put("/bucket/data/a.csv", "x\n1\n");
  (void)after(0);
  (void)after(300);
  const int before = server_.requests();
  EXPECT_EQ(seen_after(60), "a.csv ;");
  EXPECT_EQ(server_.requests(), before + 1);
}

TEST_F(RemoteWatch, AMarkerCompletesAPrefix) {
  config_.monitoring.watch.marker = "_SUCCESS";
  objects_.put("/bucket/data/day=1/a.csv", "x\n1\n");
  objects_.put("/bucket/data/day=2/b.csv", "x\n2\n");
  objects_.put("/bucket/data/day=1/_SUCCESS", "");
  EXPECT_EQ(seen_after(0), "a.csv ; b.csv");
}

TEST_F(RemoteWatch, AServerThatIsAwayIsAnErrorAndNothingIsForgotten) {
  objects_.put("/bucket/data/a.csv", "x\n1\n");
  (void)after(0);
  is_away_ = true;
  EXPECT_TRUE(testing_support::error_of([&] { (void)after(100); }).starts_with("6: "));
  is_away_ = false;
  EXPECT_EQ(seen_after(200), "a.csv ;");
}

}  // namespace
}  // namespace millrace
