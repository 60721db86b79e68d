#include "versions/view.hpp"

#include <filesystem>

#include <fcntl.h>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/topics.hpp"
#include "storage/data_view.hpp"
#include "versions/stored.hpp"

namespace millrace {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kViewPieceBytes = std::size_t{1} << 20U;

fs::path whole_path(const std::string& path) {
  std::error_code error;
  fs::path whole = fs::weakly_canonical(fs::absolute(path), error);
  if (error) throw errno_error("find", path, error);
  return whole;
}

bool lies_inside(const fs::path& path, const fs::path& folder) {
  const fs::path way = path.lexically_relative(folder);
  return !way.empty() && *way.begin() != "..";
}

std::vector<ViewShard> view_shards(const Dataset& dataset) {
  const std::vector<std::uint64_t> first_records = dataset.first_records();
  std::vector<ViewShard> shards;
  for (std::size_t i = 0; i < dataset.shards.size(); ++i)
    shards.push_back({"", dataset.shards[i].rows, first_records[i]});
  return shards;
}

void publish_view(const std::string& path, const NamedVersion& named, const Dataset& dataset,
                  const std::vector<ViewShard>& shards) {
  PendingFile file(path);
  write_data_view(file.temporary_path(), dataset.schema, shards,
                  {{"dataset", named.dataset}, {"version", named.version.hex()}});
  file.commit();
}

// Copies what it has just taken into the digest: what HDF5 would not notice is not handed on.
void copy_object(const Workspace& workspace, const Digest& object, const std::string& to) {
  const ReadableFile from(workspace.object_path(object));
  PendingFile file(to);
  Sha256 sha;
  {
    const UniqueFd fd(
        file_operations().open(file.temporary_path().c_str(), O_WRONLY | O_CREAT | O_EXCL, 0644));
    if (!fd.valid()) throw errno_error("create", file.temporary_path(), errno);
    std::string piece(kViewPieceBytes, '\0');
    for (std::uint64_t offset = 0; offset < from.size();) {
      const std::size_t got = from.read_at(offset, piece);
      if (got == 0) throw Error(Topic::kFileChanged, "'{}' shrank while it was read", from.path());
      const auto bytes = std::string_view(piece).substr(0, got);
      sha.update(bytes);
      write_all(fd.get(), bytes, file.temporary_path());
      offset += got;
    }
  }
  if (sha.finish() != object) throw damaged_object(from.path(), "its bytes do not match its name");
  file.commit();
}

}  // namespace

void write_view(const Workspace& workspace, const NamedVersion& named, const std::string& path) {
  const Dataset dataset = read_dataset(workspace, named.version);
  const fs::path folder = whole_path(path).parent_path();
  const bool inside = lies_inside(folder / "view", whole_path(workspace.root()));
  std::vector<ViewShard> shards = view_shards(dataset);
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const fs::path shard = whole_path(sound_object(workspace, dataset.shards[i].object));
    shards[i].path = inside ? shard.lexically_relative(folder).string() : shard.string();
  }
  publish_view(path, named, dataset, shards);
}

void export_folder(const Workspace& workspace, const NamedVersion& named, const std::string& folder) {
  const Dataset dataset = read_dataset(workspace, named.version);
  if (!list_folder(folder).empty())
    throw Error(Topic::kCommandLine, "the folder '{}' is not empty: choose another --out", folder);
  make_folder(folder);
  std::vector<ViewShard> shards = view_shards(dataset);
  for (std::size_t i = 0; i < shards.size(); ++i) {
    shards[i].path = fmt::format("shard-{:04}.h5", i);
    copy_object(workspace, dataset.shards[i].object, folder + "/" + shards[i].path);
  }
  copy_object(workspace, named.version, folder + "/manifest.json");
  publish_view(fmt::format("{}/{}.h5", folder, named.dataset), named, dataset, shards);
}

}  // namespace millrace
