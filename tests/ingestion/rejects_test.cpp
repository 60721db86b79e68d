#include "ingestion/rejects.hpp"

#include <gtest/gtest.h>

namespace millrace {
namespace {

TEST(Printable, EscapesControlsAndWhatIsNoUtf8) {
  EXPECT_EQ(printable("a\tb\x7f", 20), "a\\x09b\\x7f");
  EXPECT_EQ(printable("é", 20), "é");
  EXPECT_EQ(printable("N700\xe4", 20), "N700\\xe4");
}

TEST(Printable, CutsAtACharacter) {
  EXPECT_EQ(printable("aé", 3), "aé");
  EXPECT_EQ(printable("aé", 2), "a…");
  EXPECT_EQ(printable("漢漢", 5), "漢…");
  EXPECT_EQ(printable("abc", 0), "…");
}

TEST(RejectTable, IsCsvThatQuotesItsTexts) {
  const Reject reject{3, 40, "a\"b", RejectKind::kType, "'x' is no integer", "1,x"};
  EXPECT_EQ(reject_table({reject_json(reject, "in.csv")}),
            "file,line,byte,column,kind,reason,text\n"
            "\"in.csv\",3,40,\"a\"\"b\",type,\"'x' is no integer\",\"1,x\"\n");
  EXPECT_EQ(describe_reject(reject_json(reject, "in.csv")),
            "in.csv line 3, column 'a\"b': 'x' is no integer");
}

}  // namespace
}  // namespace millrace
