#include "ingestion/reject_table.hpp"

#include <array>
#include <cstdint>

#include <fmt/core.h>

#include "base/text.hpp"
#include "storage/hdf5.hpp"
#include "storage/shard_header.hpp"

namespace millrace {

namespace {

constexpr int kFormat = 1;

struct TableColumn {
  const char* name;
  bool is_number;
  const char* description;
};
constexpr std::array kColumns = std::to_array<TableColumn>({
    {"file", false, "the source, with the folders KEY=VALUE right above it"},
    {"line", true, "where the record begins, counted from 1; of an HDF5 table: the row, counted from 1"},
    {"byte", true, "where the record begins in the unpacked text, counted from 0; of an HDF5 table: 0"},
    {"column", false, "the column whose value is wrong; empty: the whole record is"},
    {"kind", false, "cast, missing_columns, too_many_columns, quote, line_size, encoding or nul"},
    {"reason", false, "what is wrong, in words"},
    {"text", false, "how the record begins; bytes that are no text are written \\xNN"},
});

template <class T>
std::vector<T> values_of(const std::vector<Json>& rejects, const char* column) {
  std::vector<T> values;
  for (const Json& reject : rejects) values.push_back(reject.at(column).get<T>());
  return values;
}

}  // namespace

std::string reject_csv(const std::vector<Json>& rejects) {
  std::string csv = "file,line,byte,column,kind,reason,text\n";
  for (const Json& reject : rejects) {
    csv += fmt::format(
        "{},{},{},{},{},{},{}\n", csv_quoted(reject.at("file").get<std::string>()),
        reject.at("line").get<std::uint64_t>(), reject.at("byte").get<std::uint64_t>(),
        csv_quoted(reject.at("column").get<std::string>()), reject.at("kind").get<std::string>(),
        csv_quoted(reject.at("reason").get<std::string>()), csv_quoted(reject.at("text").get<std::string>()));
  }
  return csv;
}

void write_reject_hdf5(const std::string& path, const std::vector<Json>& rejects) {
  hdf5::File file = hdf5::File::create(path);
  write_header(file, "reject-table", kFormat);
  for (const TableColumn& column : kColumns) {
    if (column.is_number) {
      file.write<std::uint64_t>(column.name, values_of<std::uint64_t>(rejects, column.name));
    } else {
      file.write_strings(column.name, values_of<std::string>(rejects, column.name));
    }
    file.set_attribute(column.name, "description", column.description);
  }
  file.close();
}

}  // namespace millrace
