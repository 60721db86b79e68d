#include "storage/hdf5_table.hpp"

#include <algorithm>
#include <new>

#include "base/file.hpp"
#include "base/topics.hpp"
#include "storage/hdf5_contents.hpp"
#include "storage/hdf5_driver.hpp"
#include "storage/hdf5_elements.hpp"

namespace millrace::hdf5 {

namespace {

constexpr std::size_t kAlignment = 8;

// Whatever HDF5 cannot do with what stands in the file is the file's fault.
template <class Work>
auto blaming(const std::string& name, const Work& work) {
  try {
    return work();
  } catch (const Error& error) {
    if (error.topic() != Topic::kResource) throw;
    throw damaged(name, error.message());
  }
}

Handle open_file(const std::string& path, const std::string& name) {
  silence();
  const ReadableFile readable(path, name);  // names a missing file or a folder better than HDF5 does
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "cannot make an HDF5 property list");
  check(H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG), "cannot set how HDF5 closes files");
  check(H5Pset_file_locking(access.id(), false, true), "cannot switch off HDF5's file locks");
  use_file_layer(access.id());
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.id());
  if (file < 0) throw damaged(name, last_words());
  return {file, H5Fclose, ""};
}

template <class T>
std::optional<T> fill_value(hid_t dataset, hid_t type) {
  if (H5Aexists(dataset, "_FillValue") <= 0) return std::nullopt;
  const Handle attribute(H5Aopen(dataset, "_FillValue", H5P_DEFAULT), H5Aclose, "cannot open _FillValue");
  const Handle space(H5Aget_space(attribute.id()), H5Sclose, "cannot look at _FillValue");
  T value{};
  if (H5Sget_simple_extent_npoints(space.id()) != 1 || H5Aread(attribute.id(), type, &value) < 0) {
    H5Eclear2(H5E_DEFAULT);
    return std::nullopt;
  }
  return value;
}

TableColumn column_of(const std::string& name, const Element& element) {
  TableColumn column;
  column.name = name;
  column.kind = element.kind;
  column.unread = element.unread;
  const bool is_variable = element.kind == ElementKind::kText && element.text_bytes == 0;
  column.bytes = is_variable ? kVariableTextBytes : memory_bytes(element);
  return column;
}

void add_fill_value(TableColumn& column, hid_t dataset) {
  if (column.kind == ElementKind::kReal) column.missing_real = fill_value<double>(dataset, H5T_NATIVE_DOUBLE);
  if (column.kind == ElementKind::kInteger || column.kind == ElementKind::kUnsigned)
    column.missing_integer = fill_value<std::int64_t>(dataset, H5T_NATIVE_INT64);
}

// Memory for texts of variable length, given back all at once.
void* allocate_text(std::size_t size, void* texts) {
  auto& all = *static_cast<decltype(TableRows::texts)*>(texts);
  try {
    return all.emplace_back(new char[size]).get();
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void keep_text(void* /*text*/, void* /*texts*/) {}

Handle transfer_into(TableRows& rows) {
  Handle list(H5Pcreate(H5P_DATASET_XFER), H5Pclose, "cannot make an HDF5 property list");
  check(H5Pset_vlen_mem_manager(list.id(), allocate_text, &rows.texts, keep_text, nullptr),
        "cannot lend HDF5 memory");
  return list;
}

}  // namespace

std::mutex& library_mutex() {
  static std::mutex mutex;
  return mutex;
}

std::string_view TableValues::text(std::size_t row) const {
  const char* const at = first_ + row * stride_;
  if (text_bytes_ == 0) {
    const char* text = nullptr;
    std::memcpy(&text, at, sizeof(text));
    return text == nullptr ? std::string_view() : std::string_view(text);
  }
  std::string_view text(at, text_bytes_);
  if (padding_ == TextPadding::kTerminated) return text.substr(0, text.find('\0'));
  const auto last = text.find_last_not_of(padding_ == TextPadding::kBlank ? ' ' : '\0');
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

struct Table::Impl {
  Impl(const std::string& path, std::string file_name)
      : name(std::move(file_name)), file(open_file(path, name)) {}

  void take_compound(const std::string& path) {
    Handle dataset = open_dataset(path);
    rows = shape_in(dataset.id(), name).rows;
    const Handle type(H5Dget_type(dataset.id()), H5Tclose, "cannot look at '" + path + "'");
    for (int i = 0; i < H5Tget_nmembers(type.id()); ++i) {
      const auto index = static_cast<unsigned>(i);
      char* const member = H5Tget_member_name(type.id(), index);
      const std::string column = member == nullptr ? "" : member;
      H5free_memory(member);
      add(column, Handle(H5Tget_member_type(type.id(), index), H5Tclose, "cannot look at '" + column + "'"));
    }
    for (TableColumn& column : columns) {
      if (column.unread.empty()) column.unread = obstacle_of(dataset.id());
    }
    datasets.push_back(std::move(dataset));
    is_compound = true;
  }

  void take_group(const std::string& path) {
    const Handle group(H5Gopen2(file.id(), path.c_str(), H5P_DEFAULT), H5Gclose,
                       "cannot open '" + path + "'");
    std::optional<std::string> first;
    for (const std::string& column : datasets_of(group.id(), name)) {
      Handle dataset = open_dataset(path == "/" ? column : path + "/" + column);
      const Shape shape = shape_in(dataset.id(), name);
      add(column, Handle(H5Dget_type(dataset.id()), H5Tclose, "cannot look at '" + column + "'"));
      if (!shape.is_line) columns.back().unread = "no single value";
      if (shape.is_line && !shape.is_compound) require_rows(shape.rows, column, path, first);
      add_fill_value(columns.back(), dataset.id());
      if (columns.back().unread.empty()) columns.back().unread = obstacle_of(dataset.id());
      datasets.push_back(std::move(dataset));
    }
  }

  // Columns of different lengths are no table.
  void require_rows(std::uint64_t of_column, const std::string& column, const std::string& path,
                    std::optional<std::string>& first) {
    if (!first) {
      first = column;
      rows = of_column;
    }
    if (of_column == rows) return;
    throw Error(Topic::kColumnOfTable,
                "'{}', table '{}': column '{}' has {} rows and '{}' {}, so that they are no table", name,
                path, *first, rows, column, of_column);
  }

  [[nodiscard]] Handle open_dataset(const std::string& path) const {
    const hid_t dataset = H5Dopen2(file.id(), path.c_str(), H5P_DEFAULT);
    if (dataset < 0) throw damaged(name, last_words());
    return {dataset, H5Dclose, ""};
  }

  void add(const std::string& column, Handle type) {
    elements.push_back(element_of(type.id()));
    columns.push_back(column_of(column, elements.back()));
    types.push_back(memory_type(elements.back(), type.id()));
  }

  // Reads rows of a dataset as `type`; into `to`, which has room for them.
  void read_rows(const Handle& dataset, hid_t type, std::uint64_t first, std::size_t count,
                 const Handle& transfer, void* to) const {
    const hsize_t begin = first;
    const hsize_t size = count;
    const Handle in_file(H5Dget_space(dataset.id()), H5Sclose, "cannot look at a dataset");
    const Handle in_memory(H5Screate_simple(1, &size, nullptr), H5Sclose, "cannot make a space");
    must(H5Sselect_hyperslab(in_file.id(), H5S_SELECT_SET, &begin, nullptr, &size, nullptr), name);
    must(H5Dread(dataset.id(), type, in_memory.id(), in_file.id(), transfer.id(), to), name);
  }

  [[nodiscard]] TableValues values_at(std::size_t column, const char* first, std::size_t stride) const {
    const Element& element = elements[column];
    return {first, stride, element.kind, element.text_bytes, element.padding};
  }

  void read_members(std::uint64_t first, std::size_t count, const std::vector<std::size_t>& wanted,
                    TableRows& to) const {
    std::vector<std::size_t> offsets;
    std::size_t stride = 0;
    for (const std::size_t column : wanted) {
      offsets.push_back(stride);
      stride += (memory_bytes(elements[column]) + kAlignment - 1) / kAlignment * kAlignment;
    }
    const Handle type(H5Tcreate(H5T_COMPOUND, stride), H5Tclose, "cannot make an HDF5 type");
    for (std::size_t i = 0; i < wanted.size(); ++i)
      must(H5Tinsert(type.id(), columns[wanted[i]].name.c_str(), offsets[i], types[wanted[i]].id()), name);
    std::vector<char>& buffer = to.buffers.emplace_back(stride * count);
    read_rows(datasets[0], type.id(), first, count, transfer_into(to), buffer.data());
    for (std::size_t i = 0; i < wanted.size(); ++i)
      to.columns.push_back(values_at(wanted[i], buffer.data() + offsets[i], stride));
  }

  void read_datasets(std::uint64_t first, std::size_t count, const std::vector<std::size_t>& wanted,
                     TableRows& to) const {
    const Handle transfer = transfer_into(to);
    for (const std::size_t column : wanted) {
      const std::size_t stride = memory_bytes(elements[column]);
      std::vector<char>& buffer = to.buffers.emplace_back(stride * count);
      read_rows(datasets[column], types[column].id(), first, count, transfer, buffer.data());
      to.columns.push_back(values_at(column, buffer.data(), stride));
    }
  }

  std::string name;
  Handle file;
  bool is_compound = false;
  std::uint64_t rows = 0;
  std::vector<TableColumn> columns;
  std::vector<Element> elements;
  std::vector<Handle> types;     // of the elements in memory
  std::vector<Handle> datasets;  // the compound; or one a column
};

Table::Table(const std::string& path, const std::string& name, const std::string& table)
    : impl_(std::make_unique<Impl>(path, name)) {
  blaming(name, [&] {
    const std::string chosen = choose_table(impl_->file.id(), name, table);
    const Handle object(H5Oopen(impl_->file.id(), chosen.c_str(), H5P_DEFAULT), H5Oclose,
                        "cannot open '" + chosen + "'");
    H5Iget_type(object.id()) == H5I_DATASET ? impl_->take_compound(chosen) : impl_->take_group(chosen);
  });
}

Table::~Table() = default;

const std::vector<TableColumn>& Table::columns() const {
  return impl_->columns;
}

std::uint64_t Table::rows() const {
  return impl_->rows;
}

TableRows Table::read(std::uint64_t first, std::size_t count, const std::vector<std::size_t>& wanted) const {
  return blaming(impl_->name, [&] {
    TableRows rows;
    if (impl_->is_compound) {
      impl_->read_members(first, count, wanted, rows);
    } else {
      impl_->read_datasets(first, count, wanted, rows);
    }
    return rows;
  });
}

}  // namespace millrace::hdf5
