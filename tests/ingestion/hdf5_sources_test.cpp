// HDF5 tables as sources: the dataset is that of the CSV file with the same data, whatever the number of
// ranks.
#include "ingestion/hdf5_sources.hpp"

#include <cmath>

#include "base/file.hpp"
#include "ingestion/hdf5_files.hpp"
#include "ingestion/ingest_fixture.hpp"
#include "ingestion/packed_text.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::Hdf5Writer;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Rows of all types that elements have, with what is missing.
struct Rows {
  std::vector<long long> number;
  std::vector<double> amount;  // NaN: missing
  std::vector<signed char> flag;
  std::vector<std::string> note;  // "": missing

  Rows(std::uint64_t seed, std::size_t count) {
    CounterRandom random(derive_key({seed}));
    for (std::size_t i = 0; i < count; ++i) {
      number.push_back(static_cast<long long>(random.below(2000)) - 1000);
      amount.push_back(random.below(5) == 0 ? kNan : static_cast<double>(random.below(9000)) / 8);
      flag.push_back(static_cast<signed char>(random.below(2)));
      note.push_back(random.below(4) == 0 ? "" : fmt::format("nöte {}", random.below(7)));
    }
  }

  [[nodiscard]] std::string csv() const {
    std::string text = "number,amount,flag,note\n";
    for (std::size_t i = 0; i < number.size(); ++i) {
      text += fmt::format("{},{},{},{}\n", number[i], std::isnan(amount[i]) ? "" : format_real(amount[i]),
                          flag[i] == 0 ? "false" : "true", note[i]);
    }
    return text;
  }

  // One dataset a column, made in the order of the CSV file's columns; the names keep that order.
  void write_group(const std::string& path, const std::string& group, hsize_t chunk, bool fixed) const {
    Hdf5Writer file(path);
    file.chunk(chunk);
    file.integers(group + "/number", number, chunk == 0 ? H5T_STD_I16BE : H5T_STD_I64LE);
    file.reals(group + "/amount", amount, chunk == 0 ? H5T_IEEE_F64BE : H5T_IEEE_F64LE);
    file.booleans(group + "/flag", flag);
    fixed ? file.fixed_texts(group + "/note", note, 20) : file.texts(group + "/note", note);
  }

  // A compound dataset with members of fixed and of variable length.
  void write_compound(const std::string& path, const std::string& name) const {
    struct Row {
      int number;
      double amount;
      signed char flag;
      const char* note;
    };
    std::vector<Row> rows;
    for (std::size_t i = 0; i < number.size(); ++i)
      rows.push_back({static_cast<int>(number[i]), amount[i], flag[i], note[i].c_str()});
    const hid_t type = testing_support::well(H5Tcreate(H5T_COMPOUND, sizeof(Row)));
    H5Tinsert(type, "number", offsetof(Row, number), H5T_NATIVE_INT);
    H5Tinsert(type, "amount", offsetof(Row, amount), H5T_NATIVE_DOUBLE);
    H5Tinsert(type, "flag", offsetof(Row, flag), testing_support::boolean_type());
    H5Tinsert(type, "note", offsetof(Row, note), testing_support::text_type(0));
    Hdf5Writer(path).write(name, type, type, rows.data(), {rows.size()});
  }
};

class Hdf5SourcesTest : public testing_support::IngestTest {
 protected:
  // Adds a file that rank 0 writes.
  template <class Write>
  void table(const std::string& name, const Write& write) {
    if (world_.is_root()) write(shared(name));
    config_.source.push_back({shared(name), {"c.yaml", 3, 9}});
    world_.barrier();
  }
  template <class Write>
  void only_table(const std::string& name, const Write& write) {
    config_.source.clear();
    table(name, write);
  }

  void expect_failure(Topic topic, const std::vector<std::string>& words) {
    const Error error = failure();
    testing_support::expect_topic(error, topic);
    for (const std::string& word : words)
      EXPECT_NE(error.message().find(word), std::string::npos) << word << " is not in: " << error.message();
  }

  [[nodiscard]] DataShard shard(const Dataset& dataset, std::size_t i = 0) const {
    return read_data_shard(workspace().object_path(dataset.shards.at(i).object));
  }

  // The manifest without the sources and the shards' names.
  static Json comparable(const Dataset& dataset) {
    Json json = dataset;
    json.erase("sources");
    for (Json& entry : json["shards"]) entry.erase("object");
    return json;
  }

  void expect_same_as(const Dataset& expected, const Dataset& found) const {
    EXPECT_EQ(comparable(found), comparable(expected));
    for (std::size_t i = 0; i < expected.shards.size(); ++i) {
      const DataShard a = shard(expected, i);
      const DataShard b = shard(found, i);
      EXPECT_EQ(b.records, a.records);
      for (std::size_t c = 0; c < a.table.columns.size(); ++c) {
        EXPECT_EQ(b.table.columns[c].valid, a.table.columns[c].valid);
        EXPECT_EQ(b.table.columns[c].integers, a.table.columns[c].integers);
        EXPECT_EQ(b.table.columns[c].reals, a.table.columns[c].reals);
        EXPECT_EQ(b.table.columns[c].codes, a.table.columns[c].codes);
        EXPECT_EQ(b.table.columns[c].dictionary.bytes(), a.table.columns[c].dictionary.bytes());
      }
    }
  }
};

TEST_F(Hdf5SourcesTest, GiveTheDatasetOfTheCsvFileWithTheSameData) {
  const Rows days(1, 200);
  config_.drop = {{"flag", {}}};
  config_.types = {{"amount", {"real", {}}}};
  source("a.csv", days.csv());
  const Dataset csv = ingest_together().dataset;
  ASSERT_EQ(csv.shards.size(), 1U);
  only_table("compound.h5", [&](const std::string& path) { days.write_compound(path, "deep/table"); });
  expect_same_as(csv, ingest_together().dataset);
  config_.drop.clear();
  const Dataset all = ingest_together().dataset;
  EXPECT_EQ(all.schema.names(), (std::vector<std::string>{"number", "amount", "flag", "note"}));
  EXPECT_EQ(all.schema[2].type, ColumnType::kBoolean);
  for (const bool fixed : {false, true}) {
    for (const hsize_t chunk : {0, 7}) {  // by name: nothing else is known of a group's order
      only_table("group.h5", [&](const std::string& path) { days.write_group(path, "t", chunk, fixed); });
      const Dataset group = ingest_together().dataset;
      EXPECT_EQ(group.schema.names(), (std::vector<std::string>{"amount", "flag", "note", "number"}));
      for (const char* name : {"amount", "flag", "note", "number"}) {
        const Column a = shard(all).table[name];
        const Column b = shard(group).table[name];
        EXPECT_EQ(b.valid, a.valid) << name;
        EXPECT_EQ(b.integers, a.integers) << name;
        EXPECT_EQ(b.reals, a.reals) << name;
        EXPECT_EQ(b.codes, a.codes) << name;
      }
    }
  }
}

TEST_F(Hdf5SourcesTest, NumbersAreDecimalsWhereTheyAreDeclaredSo) {
  const Rows days(1, 200);
  config_.drop = {{"flag", {}}};
  config_.types = {{"amount", {"decimal(7,3)", {}}}, {"number", {"decimal(4,0)", {}}}};
  source("a.csv", days.csv());
  const Dataset csv = ingest_together().dataset;
  EXPECT_EQ(csv.schema[1].type, ColumnType::decimal(7, 3));
  EXPECT_EQ(csv.rejects.count, 0U);
  only_table("compound.h5", [&](const std::string& path) { days.write_compound(path, "deep/table"); });
  expect_same_as(csv, ingest_together().dataset);
}

TEST_F(Hdf5SourcesTest, GiveTheSameVersionForAnyNumberOfRanksThreadsAndBlocks) {
  config_.shard_bytes = 1000;
  config_.block_bytes = 1000;
  config_.threads = 1;
  config_.max_rejected_share = 0.9;
  config_.types = {{"number", {"text", {}}}, {"amount", {"integer", {}}}};  // eighths are rejected
  table("a.h5", [](const std::string& path) { Rows(2, 90).write_group(path, "t", 16, false); });
  table("b.h5", [](const std::string& path) { Rows(3, 0).write_group(path, "t", 16, false); });
  table("c.h5", [](const std::string& path) { Rows(4, 50).write_group(path, "t", 16, true); });
  const IngestResult together = ingest_together();
  EXPECT_GT(together.dataset.shards.size(), 8U);
  EXPECT_GT(together.dataset.rejects.count, 10U);
  EXPECT_EQ(together.dataset.rejects.kinds.size(), 1U);
  EXPECT_EQ(ingest_alone().version, together.version);
  for (const std::uint32_t threads : {1, 3}) {
    for (const std::uint64_t block : {1, 300, 1000}) {
      config_.threads = threads;
      config_.block_bytes = block;
      EXPECT_EQ(ingest_together().version, together.version) << threads << " threads, blocks of " << block;
    }
  }
}

TEST_F(Hdf5SourcesTest, SayWhatIsMissing) {
  config_.missing = {"", "NA", "-999"};
  config_.valid_suffix = "_valid";
  table("a.h5", [](const std::string& path) {
    Hdf5Writer file(path);
    file.integers("a", {1, -999, 3, 4, -7});
    file.booleans("a_valid", {1, 1, 0, 1, 1});
    file.fill_value("a", -7);
    file.reals("b", {0.5, kNan, -999, 1e300, -7});
    file.fill_value("b", 1e300);
    file.texts("c", {"", "NA", "-999", "x", "NA "});
    file.integers("c_valid", {1, 1, 1, 0, 1});
  });
  EXPECT_EQ(rows_of(ingest_together().dataset),
            (testing_support::FormattedRows{{"1", "0.5", "(missing)"},
                                            {"(missing)", "(missing)", "(missing)"},
                                            {"(missing)", "(missing)", "(missing)"},
                                            {"4", "(missing)", "(missing)"},
                                            {"(missing)", "-7", "NA "}}));
  config_.valid_suffix = "";
  EXPECT_EQ(ingest_together().dataset.schema.names(),
            (std::vector<std::string>{"a", "a_valid", "b", "c", "c_valid"}));
  only_table("b.h5", [](const std::string& path) {
    Hdf5Writer file(path);
    file.integers("a", {1});
    file.reals("a_valid", {1});
  });
  config_.valid_suffix = "_valid";
  expect_failure(Topic::kColumnOfTable, {"'b.h5', column 'a_valid'", "holds reals"});
}

TEST_F(Hdf5SourcesTest, ConvertToDeclaredTypesAndRejectWhatIsNone) {
  config_.max_rejected_share = 0.9;
  config_.types = {
      {"day", {"date", {}}}, {"flag", {"boolean", {}}}, {"real", {"integer", {}}}, {"word", {"text", {}}}};
  table("a.h5", [](const std::string& path) {
    Hdf5Writer file(path);
    file.texts("day",
               {"2026-11-26", "26.11.2026", "2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30", ""});
    file.integers("flag", {0, 1, 2, 1, 1, 1, 1});
    file.reals("real", {1, 2, 3, 4.5, 5, 6, -7});
    file.fixed_texts("text", {"a", "b", "c", "d", "\xff", std::string("f\0g", 3), "ü"}, 4);
    file.integers("word", {1, 2, 3, 4, 5, 6, 7}, H5T_STD_U64LE);
  });
  const Dataset dataset = ingest_together().dataset;
  EXPECT_EQ(rows_of(dataset), (testing_support::FormattedRows{{"2026-11-26", "false", "1", "a", "1"},
                                                              {"(missing)", "true", "-7", "ü", "7"}}));
  std::vector<std::string> seen;
  for (const Json& reject : dataset.rejects.samples) {
    seen.push_back(fmt::format("{} {} {} {}", reject["line"].get<int>(), reject["kind"].get<std::string>(),
                               reject["column"].get<std::string>(), reject["text"].get<std::string>()));
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"2 cast day 26.11.2026", "3 cast flag 2", "4 cast real 4.5",
                                            "5 encoding text \\xff", "6 nul text f\\x00g"}));
  EXPECT_EQ(dataset.rejects.samples[1]["reason"], "'2' is no boolean (true or false)");
}

TEST_F(Hdf5SourcesTest, RejectNumbersThatNoColumnHolds) {
  config_.max_rejected_share = 0.9;
  table("a.h5", [](const std::string& path) {
    Hdf5Writer file(path);
    const std::vector<unsigned long long> large{1, 1ULL << 63U, 3};
    file.write("large", H5T_STD_U64LE, H5T_NATIVE_ULLONG, large.data(), {large.size()});
    file.reals("real", {1, 2, std::numeric_limits<double>::infinity()});
  });
  const Dataset dataset = ingest_together().dataset;
  EXPECT_EQ(rows_of(dataset), (testing_support::FormattedRows{{"1", "1"}}));
  EXPECT_EQ(dataset.rejects.samples.at(0)["reason"], "'9223372036854775808' is no integer of 64 bits");
  EXPECT_EQ(dataset.rejects.samples.at(1)["text"], "inf");
}

TEST_F(Hdf5SourcesTest, TextsEndWhereTheirPaddingBegins) {
  const std::vector<std::string> texts{"a", "b c", ""};
  for (const H5T_str_t padding : {H5T_STR_NULLPAD, H5T_STR_NULLTERM, H5T_STR_SPACEPAD}) {
    only_table("a.h5", [&](const std::string& path) {
      Hdf5Writer file(path);
      file.integers("i", {1, 2, 3});
      file.fixed_texts("t", texts, 6, padding);
    });
    EXPECT_EQ(rows_of(ingest_together().dataset),
              (testing_support::FormattedRows{{"1", "a"}, {"2", "b c"}, {"3", "(missing)"}}));
  }
}

TEST_F(Hdf5SourcesTest, WhichOfSeveralTables) {
  table("a.h5", [](const std::string& path) {
    Hdf5Writer file(path);
    file.integers("orders/x", {1, 2});
    file.integers("customers/y", {1, 2, 3});
  });
  expect_failure(Topic::kWhichTable, {"'a.h5' holds 2 tables", "data.table: /customers, /orders"});
  config_.table = {"customer", {"c.yaml", 4, 10}};
  expect_failure(Topic::kWhichTable,
                 {"no table '/customer' (did you mean '/customers'?)", "/customers, /orders"});
  for (const char* path : {"customers", "/customers", "/customers/"}) {
    config_.table.text = path;
    EXPECT_EQ(ingest_together().dataset.rows(), 3U);
  }
  config_.encoding = "latin-1";
  expect_failure(Topic::kWhichTable, {"data.encoding is for CSV files"});
  config_.encoding = DataConfig().encoding;
  only_table("b.h5", [](const std::string& path) { Hdf5Writer file(path); });
  config_.table.text = "";
  expect_failure(Topic::kWhichTable, {"'b.h5' holds no table"});
  config_.source.clear();
  source("c.csv", "x\n1\n");
  config_.table.text = "/x";
  expect_failure(Topic::kWhichTable, {"c.yaml:4:10", "data.source names CSV files"});
}

TEST_F(Hdf5SourcesTest, ColumnsThatAreNotReadAreNamed) {
  table("a.h5", [](const std::string& path) {
    Hdf5Writer file(path);
    file.integers("x", {1, 2});
    const hsize_t size = 3;
    file.write("place", H5Tarray_create2(H5T_IEEE_F64LE, 1, &size), H5T_NATIVE_DOUBLE, nullptr, {2});
    file.write("matrix", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, nullptr, {2, 2});
  });
  config_.drop = {{"place", {}}};
  expect_failure(Topic::kColumnOfTable,
                 {"'a.h5', column 'matrix': its rows hold no single value", "data.drop"});
  config_.drop = {{"matrix", {}}};
  expect_failure(Topic::kColumnOfTable, {"'a.h5', column 'place': its rows hold an array"});
  config_.drop = {{"matrix", {}}, {"place", {}}};
  EXPECT_EQ(ingest_together().dataset.schema.names(), std::vector<std::string>{"x"});
  only_table("b.h5", [](const std::string& path) {
    Hdf5Writer file(path);
    file.integers("x", {1, 2});
    file.integers("y", {1, 2, 3});
  });
  config_.drop.clear();
  expect_failure(Topic::kColumnOfTable, {"'b.h5', table '/': column 'x' has 2 rows and 'y' 3"});
}

TEST_F(Hdf5SourcesTest, FilesWithDifferentColumns) {
  table("a.h5", [](const std::string& path) { Hdf5Writer(path).integers("x", {1, 2}); });
  table("b.h5", [](const std::string& path) { Hdf5Writer(path).reals("x", {0.5}); });
  EXPECT_EQ(rows_of(ingest_together().dataset), (testing_support::FormattedRows{{"1"}, {"2"}, {"0.5"}}));
  table("c.h5", [](const std::string& path) { Hdf5Writer(path).texts("x", {"7", "y"}); });
  expect_failure(Topic::kDifferentColumns, {"'a.h5' and 'c.h5'", "'x' is real in one and text in the other"});
  config_.types = {{"x", {"text", {}}}};
  EXPECT_EQ(rows_of(ingest_together().dataset),
            (testing_support::FormattedRows{{"1"}, {"2"}, {"0.5"}, {"7"}, {"y"}}));
  table("d.h5", [](const std::string& path) { Hdf5Writer(path).integers("z", {1}); });
  expect_failure(Topic::kDifferentColumns, {"'a.h5' and 'd.h5'", "lacks x"});
}

TEST_F(Hdf5SourcesTest, AreOneFormatAmongOthers) {
  source("a.csv", "x\n1\n");
  table("b.h5", [](const std::string& path) { Hdf5Writer(path).integers("x", {1, 2}); });
  EXPECT_NE(failure().message().find("'b.h5' is HDF5, 'a.csv' is not"), std::string::npos);
  config_.source.clear();
  table("day=1/c.h5", [](const std::string& path) {
    make_folder(std::filesystem::path(path).parent_path());
    Hdf5Writer(path).integers("x", {1, 2});
  });
  if (world_.is_root()) {
    make_folder(shared("day=2"));
    testing_support::write_text(shared("day=2/d.h5.gz"),
                                testing_support::gzip(read_file(shared("day=1/c.h5"))));
    testing_support::write_text(shared("day=2/e.h5"), "");
  }
  config_.source = {{shared("day=*"), {}}};
  world_.barrier();
  EXPECT_EQ(rows_of(ingest_together().dataset),
            (testing_support::FormattedRows{{"1", "1"}, {"2", "1"}, {"1", "2"}, {"2", "2"}}));
}

TEST_F(Hdf5SourcesTest, DamagedFilesAreRefusedWithOneMessage) {
  table("a.h5", [](const std::string& path) { Rows(5, 100).write_group(path, "t", 32, false); });
  const std::string whole = read_file(shared("a.h5"));
  world_.barrier();
  for (const double share : {0.0001, 0.01, 0.3, 0.7, 0.999}) {
    const auto size = static_cast<std::size_t>(share * static_cast<double>(whole.size())) + 1;
    only_table("a.h5",
               [&](const std::string& path) { testing_support::write_text(path, whole.substr(0, size)); });
    expect_failure(Topic::kDamagedTable, {"'a.h5' is no HDF5 file, or is damaged", "get it again"});
  }
  only_table("a.h5", [&](const std::string& path) {
    std::string wrong = whole;  // within packed values
    for (std::size_t at = wrong.size() / 2; at < wrong.size(); ++at) wrong[at] = 'x';
    testing_support::write_text(path, wrong);
  });
  expect_failure(Topic::kDamagedTable, {"'a.h5' is no HDF5 file, or is damaged"});
  only_table("b.hdf5", [](const std::string& path) { testing_support::write_text(path, "x,y\n1,2\n"); });
  expect_failure(Topic::kDamagedTable, {"'b.hdf5' is no HDF5 file"});
}

}  // namespace
}  // namespace millrace
