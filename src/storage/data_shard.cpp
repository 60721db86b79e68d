#include "storage/data_shard.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "storage/column_groups.hpp"
#include "storage/shard_header.hpp"

namespace millrace {

namespace {

constexpr int kDataShardFormat = 2;

// The lowest bits of eight bytes, those of the first one lowest: each factor of the product moves one of them
// into the highest byte.
std::uint8_t gather_bits(const std::uint8_t* flags) {
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t eight = 0;
  std::memcpy(&eight, flags, sizeof eight);
  return static_cast<std::uint8_t>((eight & 0x0101010101010101) * 0x0102040810204080 >> 56U);
}

// Bit i % 8 of byte i / 8 is 1 where row i is present; `flags` are 0 or 1.
std::vector<std::uint8_t> pack_bits(const std::vector<std::uint8_t>& flags) {
  std::vector<std::uint8_t> bytes((flags.size() + 7) / 8);
  const std::size_t whole = flags.size() / 8;
  for (std::size_t i = 0; i < whole; ++i) bytes[i] = gather_bits(flags.data() + 8 * i);
  for (std::size_t i = 8 * whole; i < flags.size(); ++i) {
    bytes[whole] = static_cast<std::uint8_t>(bytes[whole] | flags[i] << (i % 8));
  }
  return bytes;
}

std::vector<std::uint8_t> unpack_bits(const std::vector<std::uint8_t>& bytes, std::size_t rows) {
  if (bytes.size() != (rows + 7) / 8)
    throw Error(Topic::kDamagedFile, "validity bits and rows differ in number");
  std::vector<std::uint8_t> flags(8 * bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (std::size_t bit = 0; bit < 8; ++bit)
      flags[8 * i + bit] = static_cast<std::uint8_t>((bytes[i] >> bit) & 1U);
  }
  flags.resize(rows);
  return flags;
}

void write_column(hdf5::File& file, const std::string& group, const Column& column) {
  if (column.type == ColumnType::kReal) {
    file.write_checked<double>(group + "/values", column.reals);
  } else if (column.type == ColumnType::kText) {
    file.write_checked<std::int32_t>(group + "/values", column.codes);
    file.write_texts(group + "/dictionary", column.dictionary);
  } else {
    file.write_checked<std::int64_t>(group + "/values", column.integers);
  }
  file.write_checked<std::uint8_t>(group + "/validity", pack_bits(column.valid));
}

void check_values(std::size_t values, std::size_t rows) {
  if (values != rows) throw Error(Topic::kDamagedFile, "{} values for {} rows", values, rows);
}

void check_codes(const Column& column) {
  const auto levels = static_cast<std::int64_t>(column.dictionary.size());
  for (std::size_t row = 0; row < column.size(); ++row) {
    const std::int64_t code = column.codes[row];
    if (column.is_valid(row) && (code < 0 || code >= levels)) {
      throw Error(Topic::kDamagedFile, "row {} has code {} of a dictionary of {} texts", row, code, levels);
    }
  }
}

Column read_column(const hdf5::File& file, const std::string& group, ColumnType type, std::size_t rows) {
  Column column(type);
  column.valid = unpack_bits(file.read_checked<std::uint8_t>(group + "/validity"), rows);
  if (type == ColumnType::kReal) {
    column.reals = file.read_checked<double>(group + "/values");
    check_values(column.reals.size(), rows);
  } else if (type == ColumnType::kText) {
    column.codes = file.read_checked<std::int32_t>(group + "/values");
    column.dictionary = file.read_texts(group + "/dictionary");
    check_values(column.codes.size(), rows);
    check_codes(column);
  } else {
    column.integers = file.read_checked<std::int64_t>(group + "/values");
    check_values(column.integers.size(), rows);
  }
  return column;
}

Schema read_schema(const hdf5::File& file) {
  const Json header = read_header(file, "data-shard", kDataShardFormat);
  return json_get<Schema>(header, "schema", "its header");
}

DataShard read_columns(const hdf5::File& file, const Schema& schema, const std::vector<std::string>& names) {
  DataShard shard;
  shard.records = file.read_checked<std::uint64_t>("records");
  std::vector<Field> fields;
  for (const std::string& name : names) {
    const std::size_t index = schema.index_of(name);
    fields.push_back(schema[index]);
    with_context(fmt::format("column {}", millrace::quoted(name)), [&] {
      shard.table.columns.push_back(
          read_column(file, column_group(index), schema[index].type, shard.records.size()));
    });
  }
  shard.table.schema = Schema(std::move(fields));
  return shard;
}

}  // namespace

void write_data_shard(const std::string& path, const DataShard& shard, const Json& provenance) {
  hdf5::File file = hdf5::File::create(path);
  write_header(file, "data-shard", kDataShardFormat, {{"schema", shard.table.schema}});
  file.set_attribute("provenance", canonical_json(provenance));
  file.write_checked<std::uint64_t>("records", shard.records);
  for (std::size_t i = 0; i < shard.table.columns.size(); ++i) {
    const Column& column = shard.table.columns[i];
    if (column.size() != shard.records.size()) {
      throw internal_error("column '{}' has {} rows, the shard {}", shard.table.schema[i].name, column.size(),
                           shard.records.size());
    }
    write_column(file, column_group(i), column);
  }
  link_names(file, shard.table.schema);
  file.close();
}

DataShard read_data_shard(const std::string& path, const std::vector<std::string>& columns) {
  return reading_object(path, [&] {
    const hdf5::File file = hdf5::File::open(path);
    return read_columns(file, read_schema(file), columns);
  });
}

DataShard read_data_shard(const std::string& path) {
  return reading_object(path, [&] {
    const hdf5::File file = hdf5::File::open(path);
    const Schema schema = read_schema(file);
    return read_columns(file, schema, schema.names());
  });
}

}  // namespace millrace
