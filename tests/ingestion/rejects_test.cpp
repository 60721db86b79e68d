#include "ingestion/rejects.hpp"

#include <set>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "ingestion/reject_table.hpp"
#include "storage/hdf5.hpp"
#include "support/temporary_folder.hpp"

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
  const Reject reject{3, 40, "a\"b", RejectKind::kCast, "'x' is no integer", "1,x"};
  EXPECT_EQ(reject_csv({reject_json(reject, "in.csv")}),
            "file,line,byte,column,kind,reason,text\n"
            "\"in.csv\",3,40,\"a\"\"b\",cast,\"'x' is no integer\",\"1,x\"\n");
  EXPECT_EQ(describe_reject(reject_json(reject, "in.csv")),
            "in.csv line 3, column 'a\"b': 'x' is no integer");
}

TEST(RejectTable, IsHdf5OfEqualBytesForEqualRejects) {
  const testing_support::TemporaryFolder folder;
  const std::vector<Json> rejects{
      reject_json({3, 40, "é", RejectKind::kEncoding, "'\\xff' is no UTF-8", "1,\\xff"}, "in.csv"),
      reject_json({1ULL << 40U, 1ULL << 50U, "", RejectKind::kNul, "a NUL byte", ""}, "day=1/in.csv")};
  write_reject_hdf5(folder / "a", rejects);
  write_reject_hdf5(folder / "b", rejects);
  write_reject_hdf5(folder / "fewer", {rejects[0]});
  EXPECT_EQ(read_file(folder / "a"), read_file(folder / "b"));
  EXPECT_NE(read_file(folder / "a"), read_file(folder / "fewer"));
  const hdf5::File file = hdf5::File::open(folder / "a");
  EXPECT_EQ(file.read<std::uint64_t>("line"), (std::vector<std::uint64_t>{3, 1ULL << 40U}));
  EXPECT_EQ(file.read<std::uint64_t>("byte"), (std::vector<std::uint64_t>{40, 1ULL << 50U}));
  for (const char* column : {"file", "column", "kind", "reason", "text"})
    EXPECT_EQ(file.shape(column), (std::vector<std::uint64_t>{2})) << column;
  EXPECT_EQ(file.attribute("millrace"), R"({"format":1,"kind":"reject-table"})");
}

TEST(RejectCounts, AreKeptByKind) {
  RejectCounts counts;
  std::set<std::string> words;
  for (std::size_t i = 0; i < kRejectKinds; ++i) {
    words.insert(to_string(static_cast<RejectKind>(i)));
    for (std::size_t times = 0; times <= i; ++times) counts.add(static_cast<RejectKind>(i));
  }
  EXPECT_EQ(words.size(), kRejectKinds);
  RejectCounts twice = counts;
  twice += counts;
  EXPECT_EQ(counts.total(), 28U);
  EXPECT_EQ(twice.total(), 56U);
  EXPECT_EQ(twice.of[static_cast<std::size_t>(RejectKind::kNul)], 14U);
}

}  // namespace
}  // namespace millrace
