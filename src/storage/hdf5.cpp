#include "storage/hdf5.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <type_traits>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/topics.hpp"
#include "storage/hdf5_driver.hpp"
#include "storage/hdf5_handle.hpp"
#include "storage/hdf5_properties.hpp"

namespace millrace::hdf5 {

static_assert(std::endian::native == std::endian::little, "datasets are read with pread as they lie on disk");

namespace {

constexpr const char* kChecks = "xxh3";

template <class T>
hid_t stored_type() {
  if constexpr (std::is_same_v<T, std::int32_t>) return H5T_STD_I32LE;
  if constexpr (std::is_same_v<T, std::int64_t>) return H5T_STD_I64LE;
  if constexpr (std::is_same_v<T, std::uint8_t>) return H5T_STD_U8LE;
  if constexpr (std::is_same_v<T, std::uint64_t>) return H5T_STD_U64LE;
  if constexpr (std::is_same_v<T, float>) return H5T_IEEE_F32LE;
  if constexpr (std::is_same_v<T, double>) return H5T_IEEE_F64LE;
}

// Makes the folders above NAME one by one: HDF5's own way of doing it would note the time in them.
void make_groups(hid_t file, const std::string& name, const std::string& where) {
  for (auto slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
    const std::string group = name.substr(0, slash);
    if (H5Lexists(file, group.c_str(), H5P_DEFAULT) > 0) continue;
    const Handle properties = creation_properties(H5P_GROUP_CREATE);
    const Handle made(H5Gcreate2(file, group.c_str(), H5P_DEFAULT, properties.id(), H5P_DEFAULT), H5Gclose,
                      fmt::format("cannot make the group '{}' in '{}'", group, where));
  }
}

std::string about(const std::string& action, const std::string& name, const std::string& path) {
  return fmt::format("cannot {} '{}' of '{}'", action, name, path);
}

Handle open_dataset(hid_t file, const std::string& name, const std::string& path) {
  return {H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose, about("open dataset", name, path)};
}

std::vector<std::uint64_t> shape_of(hid_t dataset, const std::string& what) {
  const Handle space(H5Dget_space(dataset), H5Sclose, what);
  const int rank = H5Sget_simple_extent_ndims(space.id());
  check(rank, what);
  std::vector<hsize_t> sizes(static_cast<std::size_t>(rank));
  check(H5Sget_simple_extent_dims(space.id(), sizes.data(), nullptr), what);
  return {sizes.begin(), sizes.end()};
}

// How many elements a dataset has, once its type is the expected one and its storage can be in the file: a
// damaged header must not make us allocate without bound.
std::size_t checked_count(hid_t file, hid_t dataset, hid_t expected, const std::string& what) {
  const Handle type(H5Dget_type(dataset), H5Tclose, what);
  if (H5Tequal(type.id(), expected) <= 0)
    throw Error(Topic::kDamagedFile, "{}: it holds another type of values", what);
  hsize_t file_bytes = 0;
  check(H5Fget_filesize(file, &file_bytes), what);
  std::uint64_t count = 1;
  const std::uint64_t most = file_bytes / H5Tget_size(expected);
  const std::vector<std::uint64_t> shape = shape_of(dataset, what);
  for (const std::uint64_t size : shape) {
    if (size == 0) return 0;
    if (count > most / size)
      throw Error(Topic::kDamagedFile, "{}: it claims more values than the file has", what);
    count *= size;
  }
  return count;
}

hid_t create_with(const Handle& access, const std::string& path) {
  silence();
  const Handle creation = creation_properties(H5P_FILE_CREATE);
  const hid_t id = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.id(), access.id());
  if (id < 0) throw resource_error("cannot create '{}': {}", path, last_words());
  return id;
}

Handle line_of(std::uint64_t count, const std::string& what) {
  const hsize_t size = count;
  return {H5Screate_simple(1, &size, nullptr), H5Sclose, what};
}

// UTF-8 of `size` bytes.
Handle string_type(std::size_t size, H5T_str_t padding, const std::string& what) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose, what);
  check(H5Tset_size(type.id(), size), what);
  check(H5Tset_cset(type.id(), H5T_CSET_UTF8), what);
  check(H5Tset_strpad(type.id(), padding), what);
  return type;
}

// Each piece fills the next part of the virtual dataset.
Handle virtual_properties(const std::vector<Piece>& pieces, const Handle& whole, const std::string& what) {
  Handle properties = creation_properties(H5P_DATASET_CREATE);
  hsize_t begin = 0;
  for (const Piece& piece : pieces) {
    if (piece.count == 0) continue;
    const hsize_t count = piece.count;
    const Handle source = line_of(count, what);
    check(H5Sselect_hyperslab(whole.id(), H5S_SELECT_SET, &begin, nullptr, &count, nullptr), what);
    check(H5Pset_virtual(properties.id(), whole.id(), piece.path.c_str(), piece.dataset.c_str(), source.id()),
          what);
    begin += count;
  }
  check(H5Sselect_all(whole.id()), what);
  return properties;
}

// A contiguous dataset with these values.
template <class T>
Handle write_dataset(hid_t file, const std::string& path, const std::string& name, std::span<const T> values,
                     const std::vector<std::uint64_t>& shape) {
  const std::string what = about("write dataset", name, path);
  const auto count = std::accumulate(shape.begin(), shape.end(), std::uint64_t{1}, std::multiplies<>());
  if (count != values.size())
    throw internal_error("{}: {} values for a shape of {}", what, values.size(), count);
  make_groups(file, name, path);
  const std::vector<hsize_t> sizes(shape.begin(), shape.end());
  const hid_t type = stored_type<T>();
  const Handle space(H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr), H5Sclose, what);
  const Handle properties = dataset_properties();
  Handle dataset(H5Dcreate2(file, name.c_str(), type, space.id(), H5P_DEFAULT, properties.id(), H5P_DEFAULT),
                 H5Dclose, what);
  if (count > 0) check(H5Dwrite(dataset.id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), what);
  return dataset;
}

std::vector<std::uint64_t> read_checks(hid_t dataset, std::uint64_t bytes, const std::string& what) {
  const Handle attribute(H5Aopen(dataset, kChecks, H5P_DEFAULT), H5Aclose, what);
  const Handle type(H5Aget_type(attribute.id()), H5Tclose, what);
  const Handle space(H5Aget_space(attribute.id()), H5Sclose, what);
  std::vector<std::uint64_t> checks(check_count(bytes));
  if (H5Tequal(type.id(), stored_type<std::uint64_t>()) <= 0 ||
      H5Sget_simple_extent_npoints(space.id()) != static_cast<hssize_t>(checks.size())) {
    throw Error(Topic::kDamagedFile, "{}: its checks are not those of {} bytes", what, bytes);
  }
  check(H5Aread(attribute.id(), type.id(), checks.data()), what);
  return checks;
}

}  // namespace

std::string library_version() {
  unsigned major = 0;
  unsigned minor = 0;
  unsigned release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

File File::create(const std::string& path) {
  return {create_with(access_properties(), path), path};
}

File File::create_view(const std::string& path) {
  return {create_with(access_properties(H5F_LIBVER_V110), path), path};
}

File File::open(const std::string& path) {
  silence();
  ReadableFile readable(path);  // names a missing file or a folder better than HDF5 does
  const Handle access = access_properties(H5F_LIBVER_V110);  // shards and views
  const hid_t id = H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.id());
  if (id < 0) throw Error(Topic::kDamagedFile, "'{}' is no HDF5 file, or is damaged: {}", path, last_words());
  return {id, path, std::move(readable)};
}

File File::open_bytes(std::string_view bytes, const std::string& name) {
  silence();
  const Handle access = memory_access_properties();
  std::string image(bytes);  // HDF5 takes a pointer to what it could change, and copies
  check(H5Pset_file_image(access.id(), image.data(), image.size()), "cannot hand HDF5 a file's bytes");
  // The core driver refuses an image whose name is that of a file; below a device no file can be.
  const std::string never_a_file = "/dev/null/" + name;
  const hid_t id = H5Fopen(never_a_file.c_str(), H5F_ACC_RDONLY, access.id());
  if (id < 0) throw Error(Topic::kDamagedFile, "'{}' is no HDF5 file, or is damaged: {}", name, last_words());
  return {id, name};
}

File::File(File&& other) noexcept
    : id_(std::exchange(other.id_, -1)), path_(std::move(other.path_)), bytes_(std::move(other.bytes_)) {}

File& File::operator=(File&& other) noexcept {
  if (this != &other) {
    if (id_ >= 0) H5Fclose(id_);
    id_ = std::exchange(other.id_, -1);
    path_ = std::move(other.path_);
    bytes_ = std::move(other.bytes_);
  }
  return *this;
}

File::~File() {
  if (id_ >= 0) H5Fclose(id_);
}

void File::close() {
  check(H5Fclose(std::exchange(id_, -1)), fmt::format("cannot finish '{}'", path_));
  if (const int number = take_failure(path_); number != 0) throw errno_error("write", path_, number);
}

template <class T>
void File::write(const std::string& name, std::span<const T> values,
                 const std::vector<std::uint64_t>& shape) {
  (void)write_dataset(id_, path_, name, values, shape);
}

template <class T>
void File::write_checked(const std::string& name, std::span<const T> values,
                         const std::vector<std::uint64_t>& shape) {
  const Handle dataset = write_dataset(id_, path_, name, values, shape);
  if (values.empty()) return;
  const std::vector<std::uint64_t> checks = checks_of(as_bytes_view(values));
  const std::string what = about("write the checks of", name, path_);
  const Handle space = line_of(checks.size(), what);
  const Handle attribute(
      H5Acreate2(dataset.id(), kChecks, stored_type<std::uint64_t>(), space.id(), H5P_DEFAULT, H5P_DEFAULT),
      H5Aclose, what);
  check(H5Awrite(attribute.id(), stored_type<std::uint64_t>(), checks.data()), what);
}

template <class T>
std::vector<T> File::read(const std::string& name) const {
  const std::string what = about("read dataset", name, path_);
  const Handle dataset = open_dataset(id_, name, path_);
  const hid_t type = stored_type<T>();
  std::vector<T> values(checked_count(id_, dataset.id(), type, what));
  if (values.empty()) return values;
  check(H5Dread(dataset.id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), what);
  return values;
}

std::vector<std::uint64_t> File::shape(const std::string& name) const {
  return shape_of(open_dataset(id_, name, path_).id(), about("examine dataset", name, path_));
}

bool File::contains(const std::string& name) const {
  for (auto slash = name.find('/');; slash = name.find('/', slash + 1)) {
    if (H5Lexists(id_, name.substr(0, slash).c_str(), H5P_DEFAULT) <= 0) return false;
    if (slash == std::string::npos) return true;
  }
}

template <class T>
CheckedBytes File::find_checked(const std::string& name) const {
  const std::string what = about("find dataset", name, path_);
  const Handle dataset = open_dataset(id_, name, path_);
  const std::uint64_t size = checked_count(id_, dataset.id(), stored_type<T>(), what) * sizeof(T);
  if (size == 0) return {name, 0, 0, {}};
  const haddr_t address = H5Dget_offset(dataset.id());
  if (address == HADDR_UNDEF) throw Error(Topic::kDamagedFile, "{}: it is not contiguous", what);
  return {name, address, size, read_checks(dataset.id(), size, what)};
}

template <class T>
std::vector<T> File::read_checked(const std::string& name) const {
  const CheckedBytes bytes = find_checked<T>(name);
  std::vector<T> values(bytes.size / sizeof(T));
  millrace::read_checked(bytes_.value(), bytes, 0,
                         {reinterpret_cast<char*>(values.data()), values.size() * sizeof(T)});
  return values;
}

template <class T>
void File::write_virtual(const std::string& name, const std::vector<Piece>& pieces) {
  const std::string what = about("write virtual dataset", name, path_);
  std::uint64_t count = 0;
  for (const Piece& piece : pieces) count += piece.count;
  make_groups(id_, name, path_);
  const Handle whole = line_of(count, what);
  const Handle properties = virtual_properties(pieces, whole, what);
  const Handle dataset(
      H5Dcreate2(id_, name.c_str(), stored_type<T>(), whole.id(), H5P_DEFAULT, properties.id(), H5P_DEFAULT),
      H5Dclose, what);
}

void File::link(const std::string& name, const std::string& target) {
  make_groups(id_, name, path_);
  check(H5Lcreate_soft(target.c_str(), id_, name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
        about("make link", name, path_));
}

void File::link(const std::string& name, const std::string& path, const std::string& target) {
  make_groups(id_, name, path_);
  check(H5Lcreate_external(path.c_str(), target.c_str(), id_, name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
        about("make link", name, path_));
}

void File::write_texts(const std::string& name, const TextList& texts) {
  std::vector<std::uint64_t> offsets{0};
  offsets.insert(offsets.end(), texts.ends().begin(), texts.ends().end());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(texts.bytes().data());
  write_checked<std::uint8_t>(name + "/bytes", std::span(bytes, texts.bytes().size()));
  write_checked<std::uint64_t>(name + "/offsets", offsets);
}

TextList File::read_texts(const std::string& name) const {
  const auto bytes = read_checked<std::uint8_t>(name + "/bytes");
  auto offsets = read_checked<std::uint64_t>(name + "/offsets");
  if (offsets.empty() || offsets.front() != 0 || offsets.back() != bytes.size() ||
      !std::is_sorted(offsets.begin(), offsets.end())) {
    throw Error(Topic::kDamagedFile, "the texts '{}' of '{}' are damaged: offsets do not fit the bytes", name,
                path_);
  }
  offsets.erase(offsets.begin());
  return {std::string(bytes.begin(), bytes.end()), std::move(offsets)};
}

void File::write_strings(const std::string& name, const std::vector<std::string>& texts) {
  const std::string what = about("write dataset", name, path_);
  std::size_t size = 1;
  for (const std::string& text : texts) size = std::max(size, text.size());
  const Handle type = string_type(size, H5T_STR_NULLPAD, what);
  std::string padded(size * texts.size(), '\0');
  for (std::size_t i = 0; i < texts.size(); ++i) texts[i].copy(padded.data() + i * size, size);
  const Handle space = line_of(texts.size(), what);
  const Handle properties = dataset_properties();
  const Handle dataset(
      H5Dcreate2(id_, name.c_str(), type.id(), space.id(), H5P_DEFAULT, properties.id(), H5P_DEFAULT),
      H5Dclose, what);
  if (!texts.empty())
    check(H5Dwrite(dataset.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, padded.data()), what);
}

// Strings of fixed length, with room for the final 0 so that an empty text has a valid type.
void File::set_attribute(const std::string& object, const std::string& name, std::string_view value) {
  const std::string what = about("write attribute", name, path_);
  const Handle owner(H5Oopen(id_, object.c_str(), H5P_DEFAULT), H5Oclose, what);
  if (H5Aexists(owner.id(), name.c_str()) > 0) check(H5Adelete(owner.id(), name.c_str()), what);
  const std::string text(value);
  const Handle type = string_type(text.size() + 1, H5T_STR_NULLTERM, what);
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose, what);
  const Handle attribute(
      H5Acreate2(owner.id(), name.c_str(), type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose, what);
  check(H5Awrite(attribute.id(), type.id(), text.c_str()), what);
}

std::string File::attribute(const std::string& name) const {
  const std::string what = about("read attribute", name, path_);
  const Handle attribute(H5Aopen(id_, name.c_str(), H5P_DEFAULT), H5Aclose, what);
  const Handle type(H5Aget_type(attribute.id()), H5Tclose, what);
  if (H5Tget_class(type.id()) != H5T_STRING || H5Tis_variable_str(type.id()) > 0) {
    throw Error(Topic::kDamagedFile, "{}: it is no text of fixed length", what);
  }
  std::string text(H5Tget_size(type.id()), '\0');
  check(H5Aread(attribute.id(), type.id(), text.data()), what);
  if (!text.empty() && text.back() == '\0') text.pop_back();
  return text;
}

#define MILLRACE_HDF5_INSTANTIATE(T)                                                                       \
  template void File::write<T>(const std::string&, std::span<const T>, const std::vector<std::uint64_t>&); \
  template std::vector<T> File::read<T>(const std::string&) const;                                         \
  template void File::write_checked<T>(const std::string&, std::span<const T>,                             \
                                       const std::vector<std::uint64_t>&);                                 \
  template std::vector<T> File::read_checked<T>(const std::string&) const;                                 \
  template CheckedBytes File::find_checked<T>(const std::string&) const;                                   \
  template void File::write_virtual<T>(const std::string&, const std::vector<Piece>&);
MILLRACE_HDF5_INSTANTIATE(std::int32_t)
MILLRACE_HDF5_INSTANTIATE(std::int64_t)
MILLRACE_HDF5_INSTANTIATE(std::uint8_t)
MILLRACE_HDF5_INSTANTIATE(std::uint64_t)
MILLRACE_HDF5_INSTANTIATE(float)
MILLRACE_HDF5_INSTANTIATE(double)
#undef MILLRACE_HDF5_INSTANTIATE

}  // namespace millrace::hdf5
