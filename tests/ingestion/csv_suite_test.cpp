// Hostile and odd CSV files of other projects: each has one outcome, the same for any cut and number of
// ranks.
//
// csv_suite/outcomes.tsv names for each file the settings it is read with and what comes of it;
// docs/csv-suite.md shows it to people. A digest is that of all values as texts, so that no byte may change
// unnoticed; csv_suite/outcomes.py compares it with what Python's reader finds. The outcomes found here are
// written to csv_suite_outcomes.tsv in the working folder: what a change of the table is made from.
#include <fstream>
#include <set>
#include <sstream>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "ingestion/csv_reader.hpp"
#include "ingestion/detection.hpp"
#include "ingestion/ingest_fixture.hpp"
#include "ingestion/packing.hpp"
#include "ingestion/read_pieces.hpp"
#include "ingestion/rejects.hpp"

namespace millrace {
namespace {

namespace fs = std::filesystem;

const fs::path kTable = fs::path(MILLRACE_SOURCE) / "tests/ingestion/csv_suite/outcomes.tsv";

std::string suite_folder() {
  const char* data = std::getenv("MILLRACE_DATA");
  return (data == nullptr ? fs::path(MILLRACE_SOURCE) / "../shared/data" : fs::path(data)) / "csv-suite";
}

// One line of the table: the settings, then what comes of them.
struct Case {
  std::string file, delimiter, quote, header;
  std::string outcome;
  // The line for another outcome.
  [[nodiscard]] std::string with(const std::string& found) const {
    return file + '\t' + delimiter + '\t' + quote + '\t' + header + '\t' + found;
  }
};

std::vector<Case> read_cases() {
  std::ifstream file(kTable);
  std::vector<Case> cases;
  std::string line;
  std::getline(file, line);  // names of the columns
  while (std::getline(file, line)) {
    Case one;
    std::istringstream fields(line);
    for (std::string* field : {&one.file, &one.delimiter, &one.quote, &one.header}) {
      std::getline(fields, *field, '\t');
    }
    std::getline(fields, one.outcome);
    cases.push_back(one);
  }
  return cases;
}

// What a disk confirms is not the subject here, and thousands of syncs take long.
class WithoutSync : public FileOperations {
 public:
  int sync(int) override { return 0; }
};

class CsvSuite : public testing_support::IngestTest {
 protected:
  void configure(const Case& one) {
    config_ = DataConfig();
    config_.source = {{path(one), {}}};
    config_.delimiter = one.delimiter == "tab" ? "\t" : one.delimiter;
    if (one.delimiter.starts_with("0x")) {
      config_.delimiter = static_cast<char>(std::stoi(one.delimiter, nullptr, 16));
    }
    config_.quote = one.quote == "none" ? "" : one.quote;
    config_.header = one.header == "yes";
    config_.max_rejected_share = 1;
    config_.threads = 1;  // thousands of tiny files: starting threads would be most of the work
    if (!config_.header) config_.names = numbered_names();
  }

  [[nodiscard]] static std::string path(const Case& one) { return suite_folder() + "/" + one.file; }

  // c1, c2, … as many as the first record has fields.
  [[nodiscard]] std::vector<std::string> numbered_names() const {
    const ReadableFile file(config_.source[0].text);
    const CsvDialect dialect = csv_dialect(config_);
    CsvReader reader(file, dialect, {0, file.size()}, file.size());
    CsvBatch batch;
    std::vector<std::string> names;
    if (!reader.next(batch)) return {"c1"};
    const std::size_t fields =
        batch.records.front().fault == RecordFault::kNone ? batch.records.front().fields : 0;
    for (std::size_t i = 0; i < fields; ++i) names.push_back(fmt::format("c{}", i + 1));
    return names;
  }

  // The least block that rejects no record for its length.
  [[nodiscard]] std::uint64_t longest_record() const {
    const ReadableFile file(config_.source[0].text);
    const CsvDialect dialect = csv_dialect(config_);
    std::uint64_t longest = 1;
    try {
      CsvReader reader(file, dialect, {0, file.size()}, file.size());
      testing_support::for_each_record(reader, dialect, [&](const CsvRecord& record) {
        longest = std::max<std::uint64_t>(longest, record.text.size());
      });
    } catch (const Error&) {
      return file.size();
    }
    return longest;
  }

  // rows, columns, rejects by kind, digest of the values as texts, types found; or the refusal.
  std::string outcome() {
    try {
      const Dataset found = ingest_together().dataset;
      return fmt::format("{}\t{}", outcome_as_texts(found.schema), types_of(found));
    } catch (const Error& error) {
      return fmt::format("refused {}\t\t\t\t\t{}", static_cast<int>(error.code()),
                         short_words(error.message()));
    }
  }

  // All of it but the types found.
  std::string outcome_as_texts(const Schema& schema) {
    for (const Field& field : schema) config_.types[field.name] = {"text", {}};
    config_.missing.clear();
    const Dataset texts = ingest_together().dataset;
    config_.types.clear();
    config_.missing = DataConfig().missing;
    return fmt::format("read\t{}\t{}\t{}\t{}", texts.rows(), texts.schema.size(), rejects_of(texts),
                       digest_of_values(texts));
  }

  // "missing_columns 3, nul 1"
  static std::string rejects_of(const Dataset& dataset) {
    std::vector<std::string> parts;
    for (const auto& [kind, count] : dataset.rejects.kinds)
      parts.push_back(fmt::format("{} {}", kind, count));
    return join(parts, ", ");
  }

  [[nodiscard]] std::string digest_of_values(const Dataset& dataset) const {
    std::string all;
    const auto add_row = [&](const auto& values) {
      for (const std::string& value : values) all += fmt::format("{}:{}", value.size(), value);
      all += '\n';
    };
    add_row(dataset.schema.names());
    for (const ShardEntry& entry : dataset.shards) {
      const DataShard shard = read_data_shard(workspace().object_path(entry.object));
      for (const auto& row : testing_support::formatted_rows(shard.table)) add_row(row);
    }
    return digest_of(all).hex().substr(0, 16);
  }

  // "integer, text*3"
  static std::string types_of(const Dataset& dataset) {
    std::vector<std::string> runs;
    for (std::size_t i = 0; i < dataset.schema.size();) {
      std::size_t end = i;
      while (end < dataset.schema.size() && dataset.schema[end].type == dataset.schema[i].type) ++end;
      const std::string type = to_string(dataset.schema[i].type);
      runs.push_back(end - i == 1 ? type : fmt::format("{}*{}", type, end - i));
      i = end;
    }
    return join(runs, ", ");
  }

  // Without places of this machine, ranks, and the advice on a rejected source.
  static std::string short_words(std::string words) {
    words = words.substr(0, std::min(words.find("; repair the source"), words.find(" (rank ")));
    const std::string folder = suite_folder() + "/";
    for (auto at = words.find(folder); at != std::string::npos; at = words.find(folder)) {
      words.erase(at, folder.size());
    }
    return printable(words, 300);
  }

  WithoutSync without_sync_;
  ScopedFileOperations operations_{without_sync_};
};

TEST_F(CsvSuite, HasTheOutcomesOfTheTableForAllCuts) {
  if (!fs::is_directory(suite_folder())) GTEST_SKIP() << "there is no " << suite_folder();
  const std::vector<Case> cases = read_cases();
  ASSERT_GT(cases.size(), 700U);
  std::ofstream found;
  if (world_.size() == 1) found.open("csv_suite_outcomes.tsv", std::ios::binary);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Case& one = cases[i];
    configure(one);
    if (world_.size() == 1) {
      const std::string whole = outcome();
      found << one.with(whole) << '\n';
      EXPECT_EQ(one.with(whole), one.with(one.outcome));
    }
    const std::uint64_t parts = 3 + i % 9;
    config_.block_bytes = longest_record();
    config_.shard_bytes = std::max<std::uint64_t>(16, fs::file_size(path(one)) / parts);
    EXPECT_EQ(one.with(outcome()), one.with(one.outcome)) << "in " << parts << " parts";
  }
}

// Of the files that one of the candidates cuts into several columns without a rejected record.
TEST_F(CsvSuite, DetectionFindsTheDelimiterOfTheTableOrIsInDoubt) {
  if (!fs::is_directory(suite_folder())) GTEST_SKIP() << "there is no " << suite_folder();
  std::size_t found = 0;
  std::size_t in_doubt = 0;
  for (const Case& one : read_cases()) {
    const std::vector<std::string> outcome = split(one.outcome, '\t');  // read, rows, columns, rejects, …
    configure(one);
    const std::string delimiter = config_.delimiter;
    const bool is_sound = outcome[0] == "read" && outcome[2] != "1" && outcome[3].empty();
    if (!is_sound || std::string(",;|\t").find(delimiter) == std::string::npos) continue;
    const ReadableFile file(path(one));
    if (unpacker_of(file)) continue;
    try {
      EXPECT_EQ(detect_delimiter(file, config_), delimiter) << one.file;
      ++found;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kUsage) << one.file << ": " << error.message();
      ++in_doubt;
    }
  }
  EXPECT_GT(found, 100U);
  EXPECT_GT(found, 20 * in_doubt) << in_doubt;
}

TEST_F(CsvSuite, HasEveryFileInTheTable) {
  if (!fs::is_directory(suite_folder())) GTEST_SKIP() << "there is no " << suite_folder();
  std::set<std::string> known;
  for (const Case& one : read_cases()) known.insert(one.file);
  for (const auto& entry : fs::recursive_directory_iterator(suite_folder())) {
    const std::string name = fs::relative(entry.path(), suite_folder()).string();
    const std::string extension = entry.path().extension().string();
    const bool is_about_them = extension == ".md" || extension == ".json" || extension.empty();
    if (entry.is_regular_file() && !is_about_them) {
      EXPECT_TRUE(known.contains(name)) << name;
    }
  }
}

}  // namespace
}  // namespace millrace
