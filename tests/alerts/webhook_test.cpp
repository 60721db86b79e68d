#include "alerts/webhook.hpp"

#include <gtest/gtest.h>

namespace millrace {
namespace {

// printf '1790000000.{"a":1}' | openssl dgst -sha256 -hmac key
TEST(WebhookSignature, IsThatOfOpenssl) {
  EXPECT_EQ(webhook_signature("key", "1790000000", R"({"a":1})"),
            "sha256=7a4d26944722100249410c8c7f2e76c3cc6e9735fcc98b39e44a122da5490ffc");
}

TEST(WebhookSignature, CoversTimeAndBody) {
  const std::string signature = webhook_signature("key", "1790000000", "body");
  EXPECT_NE(webhook_signature("kez", "1790000000", "body"), signature);
  EXPECT_NE(webhook_signature("key", "1790000001", "body"), signature);
  EXPECT_NE(webhook_signature("key", "1790000000", "bodz"), signature);
}

}  // namespace
}  // namespace millrace
