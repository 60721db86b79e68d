#include "ingestion/partitions.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <numeric>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "expression/expression.hpp"
#include "ingestion/rejects.hpp"
#include "table/parse.hpp"

namespace millrace {

namespace {

namespace fs = std::filesystem;

bool is_partition(const std::string& folder) {
  const auto equals = folder.find('=');
  return equals != std::string::npos && equals > 0;
}

// A '%' that no two hexadecimal digits follow is one.
std::string decode_percent(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    const char* digits = text.data() + i + 1;
    const bool is_code = text[i] == '%' && i + 2 < text.size() &&
                         std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
    decoded += is_code ? static_cast<char>(byte) : text[i];
    if (is_code) i += 2;
  }
  return decoded;
}

std::vector<std::string> keys_of(const std::vector<PartitionValue>& values) {
  std::vector<std::string> keys;
  for (const PartitionValue& value : values) keys.push_back(value.key);
  return keys;
}

std::string in_words(const std::vector<std::string>& keys) {
  return keys.empty() ? "no folders KEY=VALUE" : "the folders " + join(keys, "=, ") + "=";
}

void require_sound(const std::string& source, const std::vector<PartitionValue>& values) {
  std::vector<std::string> keys = keys_of(values);
  for (const auto& [key, text] : values) {
    for (const std::string& part : {key, text}) {
      if (is_utf8(part) && part.find('\0') == std::string::npos) continue;
      throw Error(Topic::kPartitions, "the folders of '{}' have the name {}, which is no UTF-8 text", source,
                  millrace::quoted(part));
    }
  }
  std::sort(keys.begin(), keys.end());
  const auto twice = std::adjacent_find(keys.begin(), keys.end());
  if (twice == keys.end()) return;
  throw Error(Topic::kPartitions, "the folders of '{}' give '{}' twice", source, *twice);
}

void require_same_keys(const std::string& first_source, const std::vector<std::string>& first,
                       const std::string& source, const std::vector<std::string>& keys) {
  if (keys == first) return;
  throw Error(Topic::kPartitions, "'{}' lies in {}, but '{}' in {}: all files need the same", first_source,
              in_words(first), source, in_words(keys));
}

// The values of one key; nothing where it is missing.
std::vector<std::optional<std::string>> present_texts(const std::vector<std::vector<PartitionValue>>& values,
                                                      std::size_t key, const DataConfig& config) {
  std::vector<std::optional<std::string>> texts;
  for (const auto& of_source : values) {
    const std::string& text = of_source[key].text;
    const std::string value(config.trim ? trim(text) : std::string_view(text));
    const bool is_missing =
        value == kMissingPartition ||
        std::find(config.missing.begin(), config.missing.end(), value) != config.missing.end();
    texts.push_back(is_missing ? std::nullopt : std::optional(value));
  }
  return texts;
}

ColumnType type_of(const std::string& key, const std::vector<std::optional<std::string>>& texts,
                   const DataConfig& config) {
  if (const auto declared = config.types.find(key); declared != config.types.end()) {
    return with_context(declared->second.mark.str(),
                        [&] { return parse_column_type(declared->second.text); });
  }
  TypeCandidates candidates;
  for (const auto& text : texts) {
    if (text) candidates.observe(*text);
  }
  return candidates.result();
}

Column make_column(const std::string& key, ColumnType type,
                   const std::vector<std::optional<std::string>>& texts) {
  Column column(type);
  TextAppender appender(column);
  for (const auto& text : texts) {
    if (!text) {
      column.append_missing();
    } else if (type == ColumnType::kText) {
      appender.append(*text);
    } else if (!parse_append(*text, column)) {
      throw Error(Topic::kPartitions, "the folder '{}={}': {}", key, *text, parse_failure(*text, type));
    }
  }
  return column;
}

void append_constant(Column& to, const Column& from, std::size_t row, std::size_t rows) {
  to.valid.assign(rows, from.valid[row]);
  if (from.type == ColumnType::kReal) {
    to.reals.assign(rows, from.reals[row]);
  } else if (from.type != ColumnType::kText) {
    to.integers.assign(rows, from.integers[row]);
  } else {
    to.codes.assign(rows, 0);
    if (from.is_valid(row) && rows > 0) to.dictionary.push_back(from.text(row));
  }
}

}  // namespace

std::string source_name(const std::string& path) {
  const fs::path whole(path);
  fs::path name = whole.filename();
  for (fs::path folder = whole.parent_path(); is_partition(folder.filename().string());
       folder = folder.parent_path()) {
    name = folder.filename() / name;
  }
  return name.string();
}

std::vector<PartitionValue> partition_values(const std::string& source_name) {
  std::vector<PartitionValue> values;
  for (const fs::path& part : fs::path(source_name).parent_path()) {
    const std::string folder = part.string();
    const auto equals = folder.find('=');
    if (!is_partition(folder)) continue;
    values.push_back({decode_percent(folder.substr(0, equals)), decode_percent(folder.substr(equals + 1))});
  }
  return values;
}

PartitionColumns::PartitionColumns(const std::vector<std::string>& source_names, const DataConfig& config) {
  std::vector<std::vector<PartitionValue>> values;
  for (const std::string& name : source_names) {
    values.push_back(partition_values(name));
    require_sound(name, values.back());
    require_same_keys(source_names[0], keys_of(values[0]), name, keys_of(values.back()));
  }
  std::vector<Field> fields;
  for (std::size_t key = 0; !values.empty() && key < values[0].size(); ++key) {
    const std::string& name = values[0][key].key;
    const auto texts = present_texts(values, key, config);
    fields.push_back({name, type_of(name, texts, config)});
    values_.columns.push_back(make_column(name, fields.back().type, texts));
  }
  values_.schema = Schema(std::move(fields));
}

std::vector<std::uint8_t> PartitionColumns::matches(const SourceText& condition) const {
  if (values_.columns.empty()) {
    throw Error(Topic::kContradiction, "{}: data.partitions, but no file lies in a folder KEY=VALUE",
                condition.mark.str());
  }
  const Expression expression = Expression::compile(condition, values_.schema);
  expression.require_boolean();
  std::vector<std::uint64_t> numbers(values_.rows());
  std::iota(numbers.begin(), numbers.end(), 0);
  return expression.matches(values_, numbers);
}

void PartitionColumns::drop(const std::vector<std::string>& names) {
  Table kept;
  std::vector<Field> fields;
  for (std::size_t i = 0; i < values_.columns.size(); ++i) {
    if (std::find(names.begin(), names.end(), values_.schema[i].name) != names.end()) continue;
    fields.push_back(values_.schema[i]);
    kept.columns.push_back(std::move(values_.columns[i]));
  }
  kept.schema = Schema(std::move(fields));
  values_ = std::move(kept);
}

void PartitionColumns::append_to(Table& table, std::size_t source) const {
  const std::size_t rows = table.rows();
  std::vector<Field> fields(table.schema.begin(), table.schema.end());
  for (std::size_t i = 0; i < values_.columns.size(); ++i) {
    fields.push_back(values_.schema[i]);
    append_constant(table.columns.emplace_back(values_.schema[i].type), values_.columns[i], source, rows);
  }
  table.schema = Schema(std::move(fields));
}

}  // namespace millrace
