#include "ingestion/hdf5_sources.hpp"

#include <algorithm>
#include <array>

#include "base/topics.hpp"
#include "ingestion/block_reader.hpp"
#include "ingestion/hdf5_columns.hpp"
#include "ingestion/ingest.hpp"
#include "ingestion/kept_files.hpp"
#include "ingestion/packing.hpp"

namespace millrace {

namespace {

void require_settings_of_tables(const DataConfig& config) {
  if (!config.names.empty()) {
    throw Error(Topic::kWhichTable,
                "data.names is for CSV files, but data.source names HDF5 files: their columns have names");
  }
  if (config.encoding != DataConfig().encoding) {
    throw Error(Topic::kWhichTable,
                "data.encoding is for CSV files, but data.source names HDF5 files: their texts are UTF-8");
  }
}

std::vector<std::string> names_of(const TableColumns& columns) {
  std::vector<std::string> names;
  for (const hdf5::TableColumn& column : columns) names.push_back(column.name);
  return names;
}

// Those that this rank looks at, by the files' numbers.
Json describe_mine(const Communicator& comm, const SourceTexts& sources) {
  Json told = Json::object();
  for (std::size_t i = 0; i < sources.files.size(); ++i) {
    const SourceFile& file = sources.files[i];
    if (!owns_shard(comm, i) || file.text_bytes() == 0) continue;
    if (const KeptFile* kept = sources.kept_file(i)) {
      told[std::to_string(i)] = kept->description;
      continue;
    }
    open_source(sources.paths[i], file);
    const hdf5::Table table(sources.paths[i], file.name, sources.config.table.text);
    const DataConfig config = narrowed(sources, names_of(table.columns()), file.name);
    told[std::to_string(i)] = describe(table, file.name, config);
  }
  return told;
}

std::map<std::size_t, TableDescription> describe_all(const Communicator& comm, const SourceTexts& sources) {
  const Json mine = comm.agree([&] { return describe_mine(comm, sources); });
  std::map<std::size_t, TableDescription> tables;
  for (const std::string& part : comm.all_gather(mine.dump())) {
    const Json theirs = Json::parse(part);
    for (const auto& [number, told] : theirs.items()) tables[std::stoul(number)] = told;
  }
  return tables;
}

// How many rows of `row_bytes` make so many bytes.
std::uint64_t rows_of(std::uint64_t bytes, std::uint64_t row_bytes) {
  return std::max<std::uint64_t>(1, bytes / std::max<std::uint64_t>(1, row_bytes));
}

}  // namespace

// A table with what is read of it.
struct Hdf5Sources::OpenTable {
  OpenTable(const SourceTexts& sources, std::size_t number, const Layout& layout)
      : source(number), table(sources.paths[number], sources.files[number].name, sources.config.table.text) {
    for (const SourceColumn& column : layout.columns) {
      wanted.push_back(find_column(table.columns(), column.name).value());
      const auto valid = find_valid(table.columns(), column.name, sources.config);
      has_valid.push_back(valid.has_value());
      if (valid) wanted.push_back(*valid);
    }
  }

  // What has been read, column by column of the layout.
  [[nodiscard]] std::vector<BlockColumn> columns_of(const hdf5::TableRows& rows) const {
    std::vector<BlockColumn> columns;
    std::size_t next = 0;
    for (const bool valid : has_valid) {
      const std::size_t at = next;
      next += valid ? 2 : 1;
      columns.push_back(
          {table.columns()[wanted[at]], rows.columns[at], valid ? &rows.columns[at + 1] : nullptr});
    }
    return columns;
  }

  std::size_t source;
  hdf5::Table table;
  std::vector<std::size_t> wanted;  // each column of the layout; behind it what says where it has a value
  std::vector<bool> has_valid;      // of each column of the layout
};

bool is_hdf5(const ReadableFile& file) {
  constexpr std::string_view kSignature("\x89HDF\r\n\x1a\n", 8);
  std::array<char, kSignature.size()> begin{};
  const std::string_view found(begin.data(), file.read_at(0, begin));
  return found == kSignature || is_hdf5_name(file.name());
}

Hdf5Sources::Hdf5Sources(const Communicator& comm, const SourceTexts& sources)
    : sources_(sources), dialect_(csv_dialect(sources.config)) {
  // What is wanted of these files is what a model learned from others, perhaps of another format.
  if (sources_.wanted == nullptr) require_settings_of_tables(sources_.config);
  tables_ = describe_all(comm, sources_);
  const auto& [first, table] = *tables_.begin();
  const DataConfig config = narrowed(sources_, table.names, sources_.files[first].name);
  const std::vector<ColumnType> types = common_types(tables_, sources_.files, config);
  layout_ = make_layout(table.names, partitions_of(sources_.files, config), config);
  std::vector<Field> fields;
  for (const SourceColumn& column : layout_.columns)
    fields.push_back({column.name, column.declared.value_or(types[column.position])});
  plan_.schema = Schema(std::move(fields));
  plan_.notes.resize(plan_.schema.size());
  plan_.partitions = layout_.partitions;
  plan_.without_rows = "a table";
  plan_.unit = "row";
  plan_.format = kHdf5Format;
  plan_.descriptions.resize(sources_.files.size());
  for (const auto& [source, found] : tables_) plan_.descriptions[source] = found;
  for (std::size_t i = 0; i < sources_.files.size(); ++i) plan_pieces(i);
}

Hdf5Sources::~Hdf5Sources() = default;

// By bytes, so that shards are about as large as those of other formats.
void Hdf5Sources::plan_pieces(std::size_t source) {
  const auto found = tables_.find(source);
  if (found == tables_.end()) {
    plan_.empty.push_back(sources_.files[source].name);
    return;
  }
  const TableDescription& table = found->second;
  const std::uint64_t shard = rows_of(sources_.config.shard_bytes, table.row_bytes);
  const std::uint64_t block = rows_of(sources_.config.block_bytes, table.row_bytes);
  for (std::uint64_t begin = 0; begin < table.rows; begin += shard) {
    const std::uint64_t rows = std::min(shard, table.rows - begin);
    const std::uint64_t blocks = sources_.kept_file(source) != nullptr ? 0 : (rows + block - 1) / block;
    plan_.pieces.push_back(
        {static_cast<std::uint32_t>(source), begin, begin + rows, rows * table.row_bytes, blocks});
  }
}

const Hdf5Sources::OpenTable& Hdf5Sources::open(std::size_t source) const {
  if (!open_ || open_->source != source) {
    open_.reset();
    open_source(sources_.paths[source], sources_.files[source]);
    open_ = std::make_unique<OpenTable>(sources_, source, layout_);
  }
  return *open_;
}

// The first one's number in the table, and how many there are.
std::pair<std::uint64_t, std::size_t> Hdf5Sources::rows_of_block(const BlockOfPiece& at) const {
  const RowPiece& rows = plan_.pieces[at.piece];
  const std::uint64_t in_block = rows_of(sources_.config.block_bytes, tables_.at(rows.source).row_bytes);
  const std::uint64_t first = rows.begin + at.block * in_block;
  return {first, std::min(in_block, rows.end - first)};
}

std::uint64_t Hdf5Sources::count(const BlockOfPiece& at) const {
  return rows_of_block(at).second;
}

LoadedBlock Hdf5Sources::load(const BlockOfPiece& at, std::size_t keep_rejects) const {
  const auto [first, count] = rows_of_block(at);
  std::unique_lock alone(hdf5::library_mutex());
  const OpenTable& table = open(plan_.pieces[at.piece].source);
  const hdf5::TableRows read = table.table.read(first, count, table.wanted);
  const std::vector<BlockColumn> columns = table.columns_of(read);
  alone.unlock();
  return convert_rows(columns, plan_.schema, count, first, dialect_, keep_rejects);
}

}  // namespace millrace
