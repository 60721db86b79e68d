#include "storage/endpoint_state.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

Deployed version(std::uint64_t number) {
  return {"churn", number, digest_of(std::to_string(number)), "2026-01-01T00:00:00.000Z"};
}

EndpointState full_state(double percent = 12.34) {
  return {"churn", 17, version(7), version(6), Candidate{version(8), CandidateMode::kShadow, percent}};
}

TEST(EndpointStateFile, ReadsBackWhatWasWritten) {
  const testing_support::TemporaryFolder folder;
  EndpointState state = full_state();
  for (int i = 0; i < 3; ++i) {
    write_endpoint(folder.path(), state);
    EXPECT_EQ(read_endpoint(folder.path(), "churn"), state);
    if (i == 0) state.candidate.reset();
    if (i == 1) state.previous.reset();
  }
}

TEST(EndpointStateFile, TheFormBeforeGenerationsIsAccepted) {
  Json old = full_state();
  for (const char* key : {"format", "generation", "candidate"}) old.erase(key);
  const auto state = old.get<EndpointState>();
  EXPECT_EQ(state.generation, 0U);
  EXPECT_EQ(state.current, version(7));
  EXPECT_EQ(state.previous, version(6));
  EXPECT_FALSE(state.candidate);
}

TEST(EndpointStateFile, WhatItDoesNotKnowIsRefused) {
  for (const char* patch : {R"({"format": 3})", R"({"format": 0})", R"({"candidate": {"mode": "half"}})",
                            R"({"candidate": {"percent": 100.5}})", R"({"candidate": {"percent": -1}})",
                            R"({"generation": null})"}) {
    Json json = full_state();
    json.merge_patch(Json::parse(patch));
    EXPECT_THROW((void)parse_document<EndpointState>(json.dump(), "it"), Error) << patch;
  }
}

// The published constants of a bucket: replays by others depend on them.
TEST(RouteBucket, IsXxh3ModuloTenThousand) {
  for (const char* key : {"", "a", "customer-4711"}) EXPECT_EQ(route_bucket(key), xxh3(key) % 10000) << key;
}

TEST(RouteBucket, AStepUpMovesNoRequestBack) {
  for (std::uint32_t bucket = 0; bucket < kRouteBuckets; bucket += 7) {
    bool taken = false;
    for (const double percent : {0.0, 0.01, 1.0, 10.0, 33.3, 50.0, 99.99, 100.0}) {
      const Candidate candidate{version(8), CandidateMode::kCanary, percent};
      const bool now = takes_candidate(candidate, bucket);
      EXPECT_TRUE(now || !taken) << bucket << " at " << percent;
      taken = now;
    }
    EXPECT_TRUE(taken);
  }
}

TEST(RouteBucket, TheShareIsExactOverBucketsAndCloseOverKeys) {
  for (const double percent : {0.0, 0.07, 1.1, 10.0, 50.0, 100.0}) {
    const Candidate candidate{version(8), CandidateMode::kCanary, percent};
    int buckets = 0;
    int keys = 0;
    for (std::uint32_t i = 0; i < kRouteBuckets; ++i) {
      buckets += in_share(candidate, i) ? 1 : 0;
      keys += in_share(candidate, route_bucket("key " + std::to_string(i))) ? 1 : 0;
    }
    EXPECT_EQ(buckets, std::lround(percent * 100));
    EXPECT_NEAR(keys, buckets, 250);  // 5 deviations of 10,000 keys at 50 %
  }
}

TEST(RouteBucket, ShadowsAndNobodyAnswerNothing) {
  EXPECT_FALSE(takes_candidate(std::nullopt, 0));
  EXPECT_FALSE(takes_candidate(Candidate{version(8), CandidateMode::kShadow, 100}, 0));
  EXPECT_TRUE(in_share({version(8), CandidateMode::kShadow, 100}, 9999));
}

}  // namespace
}  // namespace millrace
