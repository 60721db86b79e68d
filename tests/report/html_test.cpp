#include "report/html.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace millrace::html {
namespace {

TEST(Html, WhatMeansSomethingInHtmlIsEscaped) {
  EXPECT_EQ(escape(R"(<a href="x" title='y'>&amp;</a>)"),
            "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
  EXPECT_EQ(escape("Zürich\n\t€"), "Zürich\n\t€");
  EXPECT_EQ(escape(std::string_view("a\0b\x1b", 4)), "a\uFFFDb\uFFFD");
  EXPECT_EQ(escape(""), "");
}

TEST(Html, AbsentPartsAreNull) {
  const Json json{{"a", {{"b", 1}}}, {"list", {1, 2}}};
  EXPECT_EQ(part(json, {"a", "b"}), 1);
  EXPECT_TRUE(part(json, {"a", "c"}).is_null());
  EXPECT_TRUE(part(json, {"a", "b", "c"}).is_null());
  EXPECT_TRUE(part(json, {"list", "c"}).is_null());
  EXPECT_TRUE(part(nullptr, {"a"}).is_null());
}

TEST(Html, FiguresAreReadable) {
  EXPECT_EQ(figure(0.84125), "0.8413");
  EXPECT_EQ(figure(-52123.44), "-52,123.4");
  EXPECT_EQ(figure(1234567.0), "1,234,567.0");
  EXPECT_EQ(figure(-999.96), "-1,000.0");
  EXPECT_EQ(figure(0), "0.0000");
  EXPECT_EQ(figure(0.00002), "2.000e-05");
  EXPECT_EQ(figure(std::nan("")), "–");
  EXPECT_EQ(text(Json(-1234567)), "-1,234,567");
  EXPECT_EQ(text(Json(123)), "123");
  EXPECT_EQ(text(Json()), "–");
  EXPECT_EQ(text(Json("<b>")), "&lt;b&gt;");
  EXPECT_EQ(text(Json{"<b>"}), "[&quot;&lt;b&gt;&quot;]");
  EXPECT_EQ(percent(0.1234), "12.3 %");
  EXPECT_EQ(percent(0.0002), "0.020 %");
  EXPECT_EQ(figure(std::numeric_limits<double>::infinity()), "inf");
}

TEST(Html, EmptySectionsVanish) {
  EXPECT_EQ(section("a", "A", ""), "");
  EXPECT_NE(section("a", "A <", "x").find("<h2>A &lt;</h2>"), std::string::npos);
}

}  // namespace
}  // namespace millrace::html
