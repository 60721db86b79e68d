#include "ingestion/layout.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "ingestion/header.hpp"
#include "ingestion/ingest.hpp"
#include "ingestion/kept_files.hpp"
#include "ingestion/source_reader.hpp"
#include "table/time_format.hpp"

namespace millrace {

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void require_column(const std::vector<std::string>& names, const std::string& name, const Mark& mark,
                    const char* key) {
  if (contains(names, name)) return;
  throw Error(Topic::kUnknownColumn, "{}: {} names '{}', which is no column of the data{}; there are: {}",
              mark.str(), key, name, suggestion(name, names), join(names, ", "));
}

std::vector<std::string> dropped_names(const std::vector<std::string>& names, const DataConfig& config) {
  std::vector<std::string> dropped;
  for (const SourceText& drop : config.drop) {
    require_column(names, drop.text, drop.mark, "data.drop");
    dropped.push_back(drop.text);
  }
  return dropped;
}

// By data.types, or by data.formats alone.
std::optional<ColumnType> declared_type(const DataConfig& config, const std::string& name) {
  const auto declared = config.types.find(name);
  const auto format = config.formats.find(name);
  std::optional<ColumnType> type;
  if (declared != config.types.end())
    type =
        with_context(declared->second.mark.str(), [&] { return parse_column_type(declared->second.text); });
  if (format == config.formats.end()) return type;
  const ColumnType of_format = TimeFormat(format->second.text).type();
  if (!type || type == of_format || type == ColumnType::kTimestamp) return type.value_or(of_format);
  throw Error(Topic::kContradiction, "{}: data.formats gives '{}' {}s, but data.types says {}",
              format->second.mark.str(), name, to_string(of_format), to_string(*type));
}

// The names of all columns.
std::vector<std::string> with_partitions(const std::vector<std::string>& names,
                                         const PartitionColumns& partitions) {
  std::vector<std::string> all = names;
  for (const Field& field : partitions.schema()) {
    if (contains(names, field.name)) {
      throw Error(Topic::kPartitions, "'{}' is a column of the files and the name of their folders, '{}=…'",
                  field.name, field.name);
    }
    all.push_back(field.name);
  }
  return all;
}

// The headers of the files that this rank reads, by the files' numbers.
Json read_headers(const Communicator& comm, const DataConfig& config, const CsvDialect& dialect,
                  const SourceTexts& sources) {
  Json headers = Json::object();
  for (std::size_t i = 0; i < sources.paths.size(); ++i) {
    if (!owns_shard(comm, i)) continue;
    if (const KeptFile* kept = sources.kept_file(i)) {
      if (!kept->description.is_null()) headers[std::to_string(i)] = kept->description;
      continue;
    }
    const FileHeader header =
        read_header(ReadableFile(sources.paths[i], sources.files[i].name), config, dialect);
    if (header.found) headers[std::to_string(i)] = {{"names", header.names}, {"offset", header.offset}};
  }
  return headers;
}

}  // namespace

void Layout::declare(const Schema& schema) {
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i].declared = schema[i].type;
}

bool Layout::all_declared() const {
  return std::all_of(columns.begin(), columns.end(),
                     [](const SourceColumn& c) { return c.declared.has_value(); });
}

std::vector<std::size_t> Layout::positions() const {
  std::vector<std::size_t> result;
  for (const SourceColumn& column : columns) result.push_back(column.position);
  return result;
}

PartitionColumns partitions_of(const std::vector<SourceFile>& sources, const DataConfig& config) {
  std::vector<std::string> names;
  for (const SourceFile& source : sources) names.push_back(source.name);
  return {names, config};
}

Layout make_layout(const std::vector<std::string>& names, PartitionColumns partitions,
                   const DataConfig& config) {
  const std::vector<std::string> all = with_partitions(names, partitions);
  const std::vector<std::string> dropped = dropped_names(all, config);
  for (const auto& [name, type] : config.types) require_column(all, name, type.mark, "data.types");
  for (const auto& [name, format] : config.formats) require_column(names, name, format.mark, "data.formats");
  partitions.drop(dropped);
  Layout layout{names.size(), {}, {}, std::move(partitions)};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (contains(dropped, names[i])) continue;
    layout.columns.push_back({names[i], i, declared_type(config, names[i])});
  }
  if (layout.columns.empty()) throw usage_error("data.drop leaves no column");
  return layout;
}

DataConfig narrowed(const SourceTexts& sources, const std::vector<std::string>& names,
                    const std::string& file) {
  if (sources.wanted == nullptr) return sources.config;
  std::vector<std::string> all = names;
  for (const PartitionValue& folder : partition_values(file)) all.push_back(folder.key);
  DataConfig config = sources.config;
  config.drop.clear();
  for (const std::string& name : all) {
    if (!sources.wanted->contains(name)) config.drop.push_back({name, {}});
  }
  config.types.clear();
  for (const Field& field : *sources.wanted) {
    if (!contains(all, field.name)) {
      throw Error(Topic::kMissingColumn, "'{}' has no column '{}'{}; it has: {}", file, field.name,
                  suggestion(field.name, all), join(all, ", "));
    }
    config.types[field.name] = {to_string(field.type), {}};
  }
  std::erase_if(config.formats, [&](const auto& format) {
    return !contains(names, format.first) || !sources.wanted->contains(format.first);
  });
  return config;
}

Layout find_layout(const Communicator& comm, const DataConfig& config, const CsvDialect& dialect,
                   const SourceTexts& sources, RowPlan& plan) {
  const std::vector<SourceFile>& files = sources.files;
  const Json mine = comm.agree([&] { return read_headers(comm, config, dialect, sources); });
  Json headers = Json::object();
  for (const std::string& part : comm.all_gather(mine.dump())) headers.update(Json::parse(part));
  std::optional<std::size_t> first;
  std::vector<std::string> names;
  std::vector<std::uint64_t> offsets(files.size(), kNoHeader);
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto header = headers.find(std::to_string(i));
    plan.descriptions.push_back(header == headers.end() ? Json() : *header);
    if (header == headers.end()) {
      plan.empty.push_back(files[i].name);
      continue;
    }
    const auto found = header->at("names").get<std::vector<std::string>>();
    if (config.header) offsets[i] = header->at("offset");
    if (!first) {
      first = i;
      names = found;
    }
    require_same_columns(files[*first].name, names, files[i].name, found);
  }
  if (!first) throw Error(Topic::kEmptyFile, "'{}' is empty", join(plan.empty, "', '"));
  const DataConfig kept = narrowed(sources, names, files[*first].name);
  Layout layout = make_layout(names, partitions_of(files, kept), kept);
  layout.header_offsets = std::move(offsets);
  return layout;
}

}  // namespace millrace
