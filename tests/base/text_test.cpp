#include "base/text.hpp"

#include <gtest/gtest.h>

namespace millrace {
namespace {

using Parts = std::vector<std::string>;

TEST(Split, KeepsEmptyPartsAndJoinUndoesIt) {
  EXPECT_EQ(split("", ','), Parts{""});
  EXPECT_EQ(split("a,,b,", ','), (Parts{"a", "", "b", ""}));
  for (const char* text : {"", ",", "a", "a,b", ",a,,"}) EXPECT_EQ(join(split(text, ','), ","), text);
  EXPECT_EQ(join({}, ", "), "");
}

TEST(Trim, TakesBlanksFromBothEndsAlone) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(NearMiss, FindsTypingMistakesAndNothingElse) {
  const Parts columns{"Churn", "tenure", "MonthlyCharges", "Contract"};
  EXPECT_EQ(near_miss("Chrun", columns), "Churn");  // two neighbours swapped
  EXPECT_EQ(near_miss("churn", columns), "Churn");
  EXPECT_EQ(near_miss("tenur", columns), "tenure");
  EXPECT_EQ(near_miss("tenures", columns), "tenure");
  EXPECT_EQ(near_miss("MonthlyCharge", columns), "MonthlyCharges");
  EXPECT_EQ(near_miss("gender", columns), "");
  EXPECT_EQ(near_miss("", columns), "");
  EXPECT_EQ(near_miss("x", {}), "");
  EXPECT_EQ(near_miss(std::string(std::size_t{1} << 24U, 'x'), columns), "");
}

TEST(NearMiss, PrefersTheNearest) {
  EXPECT_EQ(near_miss("epochs", {"epoch", "epochs"}), "epochs");
  EXPECT_EQ(suggestion("epohcs", {"batch", "epochs"}), " (did you mean 'epochs'?)");
  EXPECT_EQ(suggestion("zzz", {"epochs"}), "");
}

TEST(Quoted, ShowsWhatCannotBePrintedAndCutsWhatIsLong) {
  EXPECT_EQ(quoted("4o"), "'4o'");
  EXPECT_EQ(quoted(std::string_view("a\0\n\x7f", 4)), "'a\\x00\\x0a\\x7f'");
  EXPECT_EQ(quoted("abcdef", 3), "'abc…'");
  EXPECT_EQ(quoted("abc", 3), "'abc'");
}

// A cut must not leave half a character.
TEST(Quoted, CutsBetweenCharacters) {
  EXPECT_EQ(quoted("aé", 2), "'a…'");
  EXPECT_EQ(quoted("é", 2), "'é'");
  EXPECT_EQ(quoted("ab😀", 5), "'ab…'");
}

// Messages go into JSON, which takes UTF-8 alone.
TEST(Quoted, IsAlwaysUtf8) {
  EXPECT_EQ(quoted("né😀"), "'né😀'");
  EXPECT_EQ(quoted("caf\xe9"), "'caf\\xe9'");
  EXPECT_EQ(quoted("\xc0\xaf"), "'\\xc0\\xaf'") << "overlong";
  EXPECT_EQ(quoted("\xed\xa0\x80"), "'\\xed\\xa0\\x80'") << "a surrogate";
  EXPECT_EQ(quoted("\xf4\x90\x80\x80"), "'\\xf4\\x90\\x80\\x80'") << "beyond Unicode";
  EXPECT_EQ(quoted("\xe2\x82"), "'\\xe2\\x82'") << "torn off";
}

TEST(HumanBytes, InPowersOfTen) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(999), "999 B");
  EXPECT_EQ(human_bytes(1500), "1.5 kB");
  EXPECT_EQ(human_bytes(1.5e9), "1.5 GB");
  EXPECT_EQ(human_bytes(3e18), "3e+03 PB");
}

TEST(HumanCount, InGroupsOfThree) {
  EXPECT_EQ(human_count(0), "0");
  EXPECT_EQ(human_count(999), "999");
  EXPECT_EQ(human_count(1000), "1,000");
  EXPECT_EQ(human_count(1234567), "1,234,567");
}

TEST(HumanSeconds, InTheUnitThatFits) {
  EXPECT_EQ(human_seconds(0.012), "12 ms");
  EXPECT_EQ(human_seconds(3.44), "3.4 s");
  EXPECT_EQ(human_seconds(61), "1 min 01 s");
  EXPECT_EQ(human_seconds(3720), "1 h 02 min");
}

TEST(Text, CsvFieldsHoldAnything) {
  EXPECT_EQ(csv_quoted(""), "\"\"");
  EXPECT_EQ(csv_quoted("a,b \"c\"\n"), "\"a,b \"\"c\"\"\n\"");
}

}  // namespace
}  // namespace millrace
