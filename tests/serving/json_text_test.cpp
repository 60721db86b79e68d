#include "serving/protocol/json_text.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "base/random.hpp"

namespace millrace {
namespace {

TEST(JsonText, StringsReadBack) {
  for (const char* text : {"", "plain", "a \"b\" \\ /", "\n\t\x01\x1f\x7f", "Zürich 東京 😀"}) {
    std::string out;
    append_json_string(out, text);
    EXPECT_EQ(Json::parse(out), text);
  }
}

TEST(JsonText, FloatsReadBackExactlyAndAreShort) {
  CounterRandom random(1);
  for (int i = 0; i < 10000; ++i) {
    const auto value = static_cast<float>(random.normal() * std::pow(10.0, 60 * random.uniform() - 30));
    std::string out;
    append_json_number(out, value);
    EXPECT_EQ(Json::parse(out).get<float>(), value) << out;
    EXPECT_LE(out.size(), 15U);
  }
  std::string out;
  append_json_number(out, 0.83F);
  EXPECT_EQ(out, "0.83");
}

TEST(JsonText, ExtremeFloatsAreJson) {
  using Limits = std::numeric_limits<float>;
  for (const float value :
       {0.0F, -0.0F, 1.0F, Limits::max(), Limits::lowest(), Limits::min(), Limits::denorm_min()}) {
    std::string out;
    append_json_number(out, value);
    EXPECT_EQ(Json::parse(out).get<float>(), value) << out;
  }
}

}  // namespace
}  // namespace millrace
