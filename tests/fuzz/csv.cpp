// A CSV file, without escapes and comments and with them, read whole, in pieces and in small blocks: the same
// records, which are those of the plain parser that the tests compare with; then as a table of texts. The
// first two bytes choose piece and block; a piece ends behind a byte order mark, as those of ingestion do.
#include "ingestion/csv.hpp"

#include <filesystem>

#include "fuzz/harness.hpp"
#include "ingestion/header.hpp"
#include "ingestion/read_pieces.hpp"
#include "support/temporary_folder.hpp"

namespace millrace::fuzzing {

namespace {

using testing_support::read_pieces;
using testing_support::ReferenceRecord;
using Records = std::optional<std::vector<ReferenceRecord>>;

constexpr std::uint64_t kWhole = 1 << 20;

const std::string& path() {
  static const testing_support::TemporaryFolder kFolder;
  static const std::string kPath = kFolder / "fuzz.csv";
  return kPath;
}

// Nothing where the file is refused.
Records read(std::string_view text, std::uint64_t piece, std::uint64_t block, const CsvDialect& dialect) {
  Records records;
  accepts([&] { records = read_pieces(path(), text, piece, block, dialect); }, {ExitCode::kDataRejected});
  return records;
}

bool is_of_another_encoding(std::string_view text) {
  using namespace std::string_view_literals;
  return text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff") || text.starts_with("\0\0\xfe\xff"sv);
}

// Records longer than a small block are empty and have no fault of their quotes; the others are as in the
// whole.
void check_small_blocks(const Records& whole, const Records& small) {
  require(small.has_value() == whole.has_value(), "small blocks change whether the file is read");
  if (!whole) return;
  require(small->size() == whole->size(), "small blocks change the number of records");
  for (std::size_t i = 0; i < whole->size(); ++i) {
    ReferenceRecord expected = (*whole)[i];
    const ReferenceRecord& record = (*small)[i];
    if (record.fields.empty() && !record.bad_quote) {
      expected.fields.clear();
      expected.bad_quote = false;
    }
    require(record == expected, "small blocks change a record");
  }
}

void read_as_table() {
  accepts(
      [] {
        DataConfig config;
        const ReadableFile file(path());
        std::vector<Field> fields;
        for (const auto& name : read_header(file, config, CsvDialect{}).names) fields.push_back({name});
        (void)read_csv_table(path(), config, Schema(std::move(fields)));
      },
      {ExitCode::kUsage, ExitCode::kDataRejected});
}

}  // namespace

void fuzz(const std::string& input) {
  if (input.size() < 2) return;
  const std::string text = input.substr(2);
  const std::uint64_t piece =
      std::max<std::uint64_t>(4 + static_cast<unsigned char>(input[0]), text.size() / 64);
  const std::uint64_t block = 1 + static_cast<unsigned char>(input[1]);
  CsvDialect other;
  other.escape = '\\';
  other.comment = '#';
  for (const CsvDialect& dialect : {CsvDialect(), other}) {
    const Records whole = read(text, text.size() + 1, kWhole, dialect);
    const testing_support::ReferenceDialect plain{dialect.delimiter, dialect.escape, dialect.comment};
    if (!is_of_another_encoding(text))
      require(whole == testing_support::reference_parse(text, plain), "not what a plain parser reads");
    require(read(text, piece, kWhole, dialect) == whole, "pieces change the records");
    check_small_blocks(whole, read(text, text.size() + 1, block, dialect));
  }
  read_as_table();
}

}  // namespace millrace::fuzzing
