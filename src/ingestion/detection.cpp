#include "ingestion/detection.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "ingestion/csv_reader.hpp"
#include "ingestion/rejects.hpp"

namespace millrace {

namespace {

constexpr const char* kCandidates[] = {",", ";", "|", "\t"};
constexpr std::uint64_t kSampleBytes = std::uint64_t{1} << 20U;

// What a candidate makes of the sample.
struct Cut {
  std::string delimiter;
  std::size_t fields = 0;  // of the first record; 0: it is unsound
  std::uint64_t alike = 0;
  std::uint64_t records = 0;
  std::uint64_t cut = 0;  // into more than one

  [[nodiscard]] bool holds() const { return fields > 0 && 10 * alike >= 9 * records; }
  [[nodiscard]] std::string words() const {
    return fmt::format("'{}' gives {} fields in {} of {} records", printable(delimiter, 1), fields,
                       human_count(alike), human_count(records));
  }
};

Cut cut_by(const std::string& delimiter, const ReadableFile& file, DataConfig config) {
  config.delimiter = delimiter;
  const CsvDialect dialect = csv_dialect(config);
  Cut cut{delimiter};
  try {
    CsvReader reader(file, dialect, {0, std::min(file.size(), kSampleBytes)}, config.block_bytes);
    for (CsvBatch batch; reader.next(batch); cut.records += batch.records.size()) {
      if (cut.records == 0) cut.fields = batch.records.front().fields;
      for (const RecordPlace& record : batch.records) {
        cut.alike += record.fault == RecordFault::kNone && record.fields == cut.fields ? 1 : 0;
        cut.cut += record.fields > 1 ? 1 : 0;
      }
    }
  } catch (const Error& error) {
    if (error.topic() != Topic::kUnclosedQuote) throw;
    cut.fields = 0;  // a quote that is none for the right delimiter
  }
  return cut;
}

Error in_doubt(const ReadableFile& file, const std::vector<Cut>& cuts) {
  std::vector<std::string> words;
  for (const Cut& cut : cuts) words.push_back(cut.words());
  return Error(Topic::kWrongDelimiter,
               "data.delimiter is auto, but '{}' does not tell it: {}; set data.delimiter", file.name(),
               join(words, ", "));
}

bool is_character(const std::string& delimiter, const DataConfig& config) {
  return delimiter == config.quote || delimiter == config.escape || delimiter == config.comment;
}

}  // namespace

std::string detect_delimiter(const ReadableFile& file, const DataConfig& config) {
  std::vector<Cut> cuts;
  for (const char* candidate : kCandidates) {
    if (!is_character(candidate, config)) cuts.push_back(cut_by(candidate, file, config));
  }
  const auto holds = [](const Cut& cut) { return cut.holds(); };
  const auto separates = [](const Cut& cut) { return cut.holds() && cut.fields > 1; };
  const auto cuts_most = [](const Cut& cut) { return 2 * cut.cut >= cut.records; };
  const auto count = std::ranges::count_if(cuts, separates);
  if (count == 1) return std::ranges::find_if(cuts, separates)->delimiter;
  const auto whole = std::ranges::find_if(cuts, holds);
  const bool is_single = count == 0 && std::ranges::none_of(cuts, cuts_most);
  if (!is_single || whole == cuts.end()) throw in_doubt(file, cuts);
  return whole->delimiter;
}

std::string detect_delimiter(const Communicator& comm, const DataConfig& config,
                             const std::vector<SourceFile>& sources, const std::vector<std::string>& paths) {
  if (config.delimiter != kDetect) return "";
  std::string found = comm.agree([&]() -> std::string {
    if (!comm.is_root()) return "";
    const auto first = std::ranges::find_if(sources, [](const auto& file) { return file.text_bytes() > 0; });
    if (first == sources.end()) return ",";  // they are refused as empty
    const ReadableFile file(paths[static_cast<std::size_t>(first - sources.begin())], first->name);
    std::string delimiter = detect_delimiter(file, config);
    log_info("the delimiter of '{}' is '{}'", first->name, printable(delimiter, 1));
    return delimiter;
  });
  comm.broadcast(found);
  return found;
}

}  // namespace millrace
