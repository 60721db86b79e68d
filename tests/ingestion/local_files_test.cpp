#include "ingestion/local_files.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "ingestion/public_data.hpp"
#include "ingestion/reference_csv.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

class ExpandFiles : public testing::Test {
 protected:
  ExpandFiles() {
    for (const char* name :
         {"b.csv", "a.csv", "day=2/x.csv", "day=1/x.csv", "day=1/readme.txt", "odd[1].csv"}) {
      make_folder(std::filesystem::path(folder_ / name).parent_path().string());
      testing_support::write_text(folder_ / name, "a\n1\n");
    }
  }
  std::vector<std::string> expand(const std::vector<std::string>& names) {
    std::vector<std::string> relative;
    for (const std::string& name : names) {
      for (const FoundFile& file : LocalFiles().expand(folder_ / name))
        relative.push_back(file.place.substr(folder_.path().size() + 1));
    }
    return relative;
  }
  std::string failure(const std::vector<std::string>& names) {
    try {
      expand(names);
    } catch (const Error& error) {
      code_ = error.code();
      return error.message();
    }
    return "no error";
  }

  testing_support::TemporaryFolder folder_;
  ExitCode code_ = ExitCode::kDone;
};

using Names = std::vector<std::string>;

TEST_F(ExpandFiles, SortsWithinAnEntryAndKeepsTheOrderOfEntries) {
  EXPECT_EQ(expand({"b.csv", "a.csv"}), (Names{"b.csv", "a.csv"}));
  EXPECT_EQ(expand({"?.csv"}), (Names{"a.csv", "b.csv"}));
  EXPECT_EQ(expand({"day=*"}), (Names{"day=1/x.csv", "day=2/x.csv"}));
  EXPECT_EQ(expand({""}), (Names{"a.csv", "b.csv", "day=1/x.csv", "day=2/x.csv", "odd[1].csv"}));
}

TEST_F(ExpandFiles, TakesAFileWithBracketsAsItIs) {
  EXPECT_EQ(expand({"odd[1].csv"}), (Names{"odd[1].csv"}));
}

TEST_F(ExpandFiles, ReportsWhatIsNotThere) {
  const std::string message = failure({"bb.csv"});
  EXPECT_EQ(code_, ExitCode::kResource);
  EXPECT_NE(message.find("did you mean 'b.csv'?"), std::string::npos) << message;
  EXPECT_NE(failure({"nowhere/a.csv"}).find("its folder does not exist"), std::string::npos);
  EXPECT_NE(failure({"*.tsv"}).find("no file matches"), std::string::npos);
  make_folder(folder_ / "empty");
  EXPECT_NE(failure({"empty"}).find("holds no *.csv"), std::string::npos);
}

TEST_F(ExpandFiles, RefusesFilesPackedInUnknownWays) {
  testing_support::write_text(folder_ / "c.csv.xz", "x");
  EXPECT_NE(failure({"c.csv.xz"}).find("pack it with gzip or zstd"), std::string::npos);
  EXPECT_EQ(code_, ExitCode::kUsage);
}

TEST_F(ExpandFiles, FindsPackedFilesInFoldersAndGlobs) {
  for (const char* name : {"day=3/y.csv.gz", "day=3/z.csv.zst", "day=3/notes.gz"}) {
    make_folder(folder_ / "day=3");
    testing_support::write_text(folder_ / name, "x");
  }
  EXPECT_EQ(expand({"day=3"}), (Names{"day=3/y.csv.gz", "day=3/z.csv.zst"}));
  EXPECT_EQ(expand({"day=*"}), (Names{"day=1/x.csv", "day=2/x.csv", "day=3/y.csv.gz", "day=3/z.csv.zst"}));
  EXPECT_EQ(expand({"day=3/*.gz"}), (Names{"day=3/notes.gz", "day=3/y.csv.gz"}));
}

TEST_F(ExpandFiles, FindsTablesInFolders) {
  make_folder(folder_ / "tables");
  for (const char* name :
       {"tables/a.h5", "tables/b.hdf5", "tables/c.h5.gz", "tables/d.hdf", "tables/e.h5.txt"})
    testing_support::write_text(folder_ / name, "x");
  EXPECT_EQ(expand({"tables"}), (Names{"tables/a.h5", "tables/b.hdf5", "tables/c.h5.gz"}));
}

TEST_F(ExpandFiles, TellsWhatAMissingPublicDataSetIs) {
  const std::string message = failure({"telco-churn/Telco-Customer-Churn.csv"});
  EXPECT_NE(message.find("telco-churn"), std::string::npos);
  EXPECT_NE(message.find("IBM/telco-customer-churn-on-icp4d"), std::string::npos) << message;
  EXPECT_NE(message.find("MILLRACE_DATA"), std::string::npos) << message;
}

TEST(PublicData, IsKnownByItsFolder) {
  EXPECT_EQ(public_data_hint("data/mine.csv"), "");
  EXPECT_NE(public_data_hint("x/adult/adult.data").find("adult.test"), std::string::npos);
  EXPECT_NE(public_data_hint("../../shared/data/else.csv").find("MILLRACE_DATA"), std::string::npos);
}

}  // namespace
}  // namespace millrace
