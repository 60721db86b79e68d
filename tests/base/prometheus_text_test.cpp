#include "base/prometheus_text.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace millrace {
namespace {

TEST(PrometheusText, HasFamiliesAndSamples) {
  PrometheusText text;
  text.family("a_seconds", "gauge", "One \\ and\nanother \"line\"");
  text.sample("a_seconds", "", 0.25);
  text.sample("a_seconds", label_list({{"b", "x\"y"}, {"c", ""}}), 7);
  EXPECT_EQ(text.text(),
            "# HELP a_seconds One \\\\ and\\nanother \"line\"\n# TYPE a_seconds gauge\na_seconds 0.25\n"
            "a_seconds{b=\"x\\\"y\",c=\"\"} 7\n");
}

TEST(PrometheusText, LabelsAreEscapedAndUtf8) {
  EXPECT_EQ(label_value("a\\b\"c\nd"), R"(a\\b\"c\nd)");
  EXPECT_EQ(label_value("日\xFF"), "日\xEF\xBF\xBD");
  EXPECT_EQ(label_list({}), "");
}

}  // namespace
}  // namespace millrace
