#include <gtest/gtest.h>

#include "base/error.hpp"
#include "registry/registry.hpp"

namespace millrace {
namespace {

ModelVersion version(const std::string& model, std::uint64_t number, const std::string& weights,
                     std::vector<std::string> aliases) {
  ModelVersion result;
  result.model = model;
  result.version = number;
  result.weights = digest_of(weights).hex();
  result.aliases = std::move(aliases);
  return result;
}

RegistryState example() {
  RegistryState state;
  for (const ModelVersion& each : {version("churn", 1, "a", {"champion"}), version("adult", 1, "a", {}),
                                   version("churn", 2, "b", {"candidate"}), version("churn", 3, "a", {})}) {
    state.add(each);
  }
  return state;
}

std::string message_of(const RegistryState& state, const std::string& reference) {
  try {
    (void)state.resolve(reference);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kResource);
    return error.message();
  }
  return "no error";
}

TEST(RegistryState, ResolvesReferences) {
  const RegistryState state = example();
  EXPECT_EQ(state.resolve("churn").version, 3U);
  EXPECT_EQ(state.resolve("churn/2").version, 2U);
  EXPECT_EQ(state.resolve("churn@champion").version, 1U);
  EXPECT_EQ(state.resolve("adult").model, "adult");
}

TEST(RegistryState, UnknownReferencesAreErrorsWithNearMisses) {
  const RegistryState state = example();
  EXPECT_EQ(message_of(state, "chrun"), "no model 'chrun' is registered (did you mean 'churn'?)");
  EXPECT_EQ(message_of(state, "chrun@champion"), "no model 'chrun' is registered (did you mean 'churn'?)");
  EXPECT_EQ(message_of(state, "churn/9"), "model 'churn' has no version '9'; its newest is 3");
  EXPECT_EQ(message_of(state, "churn/2x"), "model 'churn' has no version '2x'; its newest is 3");
  EXPECT_EQ(message_of(state, "churn/"), "model 'churn' has no version ''; its newest is 3");
  EXPECT_EQ(message_of(state, "churn@champon"),
            "model 'churn' has no alias 'champon' (did you mean 'champion'?); it has candidate, champion");
  EXPECT_EQ(message_of(state, "adult@champion"), "model 'adult' has no alias 'champion'; it has none");
  EXPECT_EQ(message_of({}, "churn"), "no model 'churn' is registered");
}

TEST(RegistryState, FindsByWeights) {
  const RegistryState state = example();
  ASSERT_NE(state.find_registered("churn", digest_of("a")), nullptr);
  EXPECT_EQ(state.find_registered("churn", digest_of("a"))->version, 3U);
  EXPECT_EQ(state.find_registered("churn", digest_of("c")), nullptr);
  EXPECT_EQ(state.find_registered("adult", digest_of("b")), nullptr);
}

}  // namespace
}  // namespace millrace
