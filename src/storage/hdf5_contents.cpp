#define H5_USE_110_API  // newer versions of HDF5 visit otherwise unless told so
#include "storage/hdf5_contents.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace::hdf5 {

namespace {

// Errors must not pass through HDF5: datasets are only listed.
herr_t list_dataset(hid_t /*file*/, const char* name, const H5O_info_t* info, void* to) {
  if (info->type != H5O_TYPE_DATASET) return 0;
  try {
    static_cast<std::vector<std::string>*>(to)->emplace_back(name);
  } catch (...) {
    return -1;
  }
  return 0;
}

bool is_internal(const std::string& path) {
  return path.starts_with("_i_") || path.starts_with("_p_") || path.find("/_i_") != std::string::npos ||
         path.find("/_p_") != std::string::npos;
}

// The first few, for messages.
std::string list_of(std::vector<std::string> tables) {
  constexpr std::size_t kShown = 20;
  if (tables.empty()) return "none";
  const bool more = tables.size() > kShown;
  tables.resize(std::min(tables.size(), kShown));
  return join(tables, ", ") + (more ? ", …" : "");
}

std::string with_slash(const std::string& path) {
  std::string result = path.starts_with('/') ? path : "/" + path;
  while (result.size() > 1 && result.back() == '/') result.pop_back();
  return result;
}

bool keeps_order(hid_t group) {
  const Handle list(H5Gget_create_plist(group), H5Pclose, "cannot look at an HDF5 group");
  unsigned flags = 0;
  return H5Pget_link_creation_order(list.id(), &flags) >= 0 && (flags & H5P_CRT_ORDER_INDEXED) != 0;
}

}  // namespace

Error damaged(const std::string& name, const std::string& words) {
  return {Topic::kDamagedTable, "'{}' is no HDF5 file, or is damaged: {}; get it again", name, words};
}

void must(herr_t status, const std::string& name) {
  if (status < 0) throw damaged(name, last_words());
}

Shape shape_in(hid_t dataset, const std::string& name) {
  const std::string what = "cannot look at a dataset of '" + name + "'";
  const Handle space(H5Dget_space(dataset), H5Sclose, what);
  const Handle type(H5Dget_type(dataset), H5Tclose, what);
  Shape shape;
  shape.is_line = H5Sget_simple_extent_ndims(space.id()) == 1;
  shape.is_compound = H5Tget_class(type.id()) == H5T_COMPOUND;
  if (shape.is_line) shape.rows = static_cast<std::uint64_t>(H5Sget_simple_extent_npoints(space.id()));
  return shape;
}

std::vector<std::string> tables_in(hid_t file, const std::string& name) {
  std::vector<std::string> datasets;
  must(H5Ovisit(file, H5_INDEX_NAME, H5_ITER_INC, list_dataset, &datasets), name);
  std::set<std::string> tables;
  for (const std::string& path : datasets) {
    if (is_internal(path)) continue;
    const Handle dataset(H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose,
                         "cannot open a dataset of '" + name + "'");
    const Shape shape = shape_in(dataset.id(), name);
    if (!shape.is_line) continue;
    const auto slash = path.rfind('/');
    tables.insert("/" + (shape.is_compound ? path : path.substr(0, slash == std::string::npos ? 0 : slash)));
  }
  return {tables.begin(), tables.end()};
}

std::string choose_table(hid_t file, const std::string& name, const std::string& wanted) {
  const std::vector<std::string> tables = tables_in(file, name);
  if (!wanted.empty()) {
    std::string path = with_slash(wanted);
    if (std::find(tables.begin(), tables.end(), path) != tables.end()) return path;
    throw Error(Topic::kWhichTable, "'{}' has no table '{}'{}; there are: {}", name, path,
                suggestion(path, tables), list_of(tables));
  }
  if (tables.size() == 1) return tables[0];
  if (tables.empty()) {
    throw Error(Topic::kWhichTable,
                "'{}' holds no table: neither a dataset of one dimension nor a compound one", name);
  }
  throw Error(Topic::kWhichTable, "'{}' holds {} tables: name one in data.table: {}", name, tables.size(),
              list_of(tables));
}

std::vector<std::string> datasets_of(hid_t group, const std::string& name) {
  const H5_index_t order = keeps_order(group) ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
  H5G_info_t info{};
  must(H5Gget_info(group, &info), name);
  std::vector<std::string> names;
  for (hsize_t i = 0; i < info.nlinks; ++i) {
    H5L_info_t link_info{};
    must(H5Lget_info_by_idx(group, ".", order, H5_ITER_INC, i, &link_info, H5P_DEFAULT), name);
    if (link_info.type != H5L_TYPE_HARD) continue;  // others may lead to other files, or nowhere
    const auto size = H5Lget_name_by_idx(group, ".", order, H5_ITER_INC, i, nullptr, 0, H5P_DEFAULT);
    if (size < 0) throw damaged(name, last_words());
    std::string link(static_cast<std::size_t>(size), '\0');
    H5Lget_name_by_idx(group, ".", order, H5_ITER_INC, i, link.data(), link.size() + 1, H5P_DEFAULT);
    const Handle object(H5Oopen(group, link.c_str(), H5P_DEFAULT), H5Oclose, "cannot open '" + link + "'");
    if (H5Iget_type(object.id()) == H5I_DATASET) names.push_back(link);
  }
  return names;
}

std::string obstacle_of(hid_t dataset) {
  const Handle list(H5Dget_create_plist(dataset), H5Pclose, "cannot look at an HDF5 dataset");
  if (H5Pget_layout(list.id()) == H5D_VIRTUAL || H5Pget_external_count(list.id()) > 0)
    return "values of other files";
  for (int i = 0; i < H5Pget_nfilters(list.id()); ++i) {
    std::array<char, 64> name{};
    std::size_t no_values = 0;
    const H5Z_filter_t filter = H5Pget_filter2(list.id(), static_cast<unsigned>(i), nullptr, &no_values,
                                               nullptr, name.size() - 1, name.data(), nullptr);
    if (H5Zfilter_avail(filter) <= 0)
      return fmt::format("what the filter '{}' ({}) has packed", name.data(), filter);
  }
  return "";
}

}  // namespace millrace::hdf5
