#include "base/json.hpp"

#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "base/json_nesting.hpp"

namespace millrace {
namespace {

std::string refusal(const std::string& text) {
  try {
    return parse_json(text, "it").dump();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kResource);
    return error.message();
  }
}

std::string nested(int levels, const std::string& inside = "") {
  const auto count = static_cast<std::size_t>(levels);
  return std::string(count, '[') + inside + std::string(count, ']');
}

TEST(Json, WhatIsNoJsonIsADamagedFile) {
  for (const std::string text : {"", "{", "[1,]", "\"\xff\"", "[1e999]", "nan", "\"\\ud800\"", "1 2"}) {
    EXPECT_NE(refusal(text).find("it is no valid JSON"), std::string::npos) << text;
  }
}

TEST(Json, NestingHasALimit) {
  EXPECT_EQ(refusal(nested(kMaxJsonNesting)), nested(kMaxJsonNesting));
  EXPECT_EQ(refusal(nested(kMaxJsonNesting + 1)), "it is nested deeper than 64 levels at byte 65");
  EXPECT_NE(refusal(nested(1'000'000)).find("nested deeper"), std::string::npos);
  const std::string brackets = "\"" + std::string(100, '[') + "\\\"{\"";
  EXPECT_EQ(refusal(nested(3, brackets)), nested(3, brackets)) << "brackets in texts do not count";
}

template <class T>
bool reads(const std::string& number) {
  try {
    (void)json_get<T>(Json::parse("{\"n\": " + number + "}"), "n", "it");
    return true;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kResource);
    return false;
  }
}

TEST(Json, AnIntegerIsOneThatFits) {
  EXPECT_EQ(json_get<std::uint64_t>(Json{{"n", UINT64_MAX}}, "n", "it"), UINT64_MAX);
  EXPECT_EQ(json_get<std::int64_t>(Json{{"n", INT64_MIN}}, "n", "it"), INT64_MIN);
  EXPECT_TRUE(reads<std::uint32_t>("4294967295"));
  for (const char* number : {"4294967296", "-1", "1.0", "1.5", "1e300", "\"1\"", "true", "null"}) {
    EXPECT_FALSE(reads<std::uint32_t>(number)) << number;
    EXPECT_FALSE(reads<std::vector<std::uint32_t>>(std::string("[1, ") + number + "]")) << number;
  }
  EXPECT_FALSE(reads<std::int64_t>("18446744073709551615"));
  EXPECT_FALSE(reads<std::vector<int>>("{}"));
  EXPECT_TRUE(reads<std::vector<int>>("[-1, 2]"));
}

TEST(Json, WhatIsWrongWithADocumentIsTheFilesFault) {
  const auto code = [](auto read) {
    try {
      read();
    } catch (const Error& error) {
      EXPECT_TRUE(error.message().starts_with("it")) << error.message();
      return error.code();
    }
    return ExitCode::kDone;
  };
  using Numbers = std::vector<int>;
  EXPECT_EQ(parse_document<Numbers>("[1, 2]", "it"), (Numbers{1, 2}));
  EXPECT_EQ(code([] { (void)parse_document<Numbers>("{}", "it"); }), ExitCode::kResource);
  EXPECT_EQ(code([] { (void)parse_document<Numbers>("[", "it"); }), ExitCode::kResource);
}

}  // namespace
}  // namespace millrace
