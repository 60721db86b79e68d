#include "remote/xml.hpp"

#include <gtest/gtest.h>

namespace millrace::remote {
namespace {

using Views = std::vector<std::string_view>;

TEST(Xml, FindsElementsInOrder) {
  EXPECT_EQ(xml_elements("<l><c><k>1</k></c><c></c><cc>x</cc></l>", "c"), (Views{"<k>1</k>", ""}));
  EXPECT_EQ(xml_elements("<c>1</c><c>2", "c"), (Views{"1"}));
  EXPECT_EQ(xml_elements("", "c"), Views{});
}

TEST(Xml, GivesTextsWithoutEntities) {
  EXPECT_EQ(xml_text("<a><k>x</k><k>y</k></a>", "k"), "x");
  EXPECT_EQ(xml_text("<ETag>&quot;ab&#34;</ETag>", "ETag"), "\"ab\"");
  EXPECT_EQ(xml_text("<k>a&amp;lt;b&lt;&gt;&apos;&unknown;&</k>", "k"), "a&lt;b<>'&unknown;&");
  EXPECT_EQ(xml_text("<k/>", "k"), "");
}

}  // namespace
}  // namespace millrace::remote
