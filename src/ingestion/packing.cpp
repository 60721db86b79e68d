#include "ingestion/packing.hpp"

#include <cerrno>
#include <vector>

#include <fcntl.h>

#include "base/error.hpp"
#include "base/topics.hpp"
#include "ingestion/encoding.hpp"
#include "ingestion/gzip.hpp"
#include "ingestion/zstd.hpp"

namespace millrace {

namespace {

// A file that is not packed.
class FileBytes : public Unpacker {
 public:
  explicit FileBytes(const ReadableFile& file) : file_(file) {}

  std::string_view read() override {
    const std::size_t got = file_.read_at(offset_, bytes_);
    offset_ += got;
    return {bytes_.data(), got};
  }

 private:
  const ReadableFile& file_;
  std::uint64_t offset_ = 0;
  std::vector<char> bytes_ = std::vector<char>(std::size_t{1} << 20U);
};

}  // namespace

std::string without_packing(const std::string& name) {
  for (const std::string_view ending : kPackedNames) {
    if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  }
  return name;
}

bool is_hdf5_name(const std::string& name) {
  const std::string plain = without_packing(name);
  return plain.ends_with(".h5") || plain.ends_with(".hdf5");
}

bool is_source_name(const std::string& name) {
  return without_packing(name).ends_with(".csv") || is_hdf5_name(name);
}

void refuse_unknown_packing(const std::string& name) {
  for (const std::string_view ending : {".bz2", ".xz", ".zip"}) {
    if (!name.ends_with(ending)) continue;
    throw Error(Topic::kUnknownPacking,
                "'{}' is packed in a way that is not read: unpack it, or pack it with gzip or zstd", name);
  }
}

std::unique_ptr<Unpacker> unpacker_of(const ReadableFile& file, const std::string& encoding) {
  std::array<char, 4> bytes{};
  const std::string_view begin(bytes.data(), file.read_at(0, bytes));
  if (begins_gzip(begin)) return decoder(gzip_unpacker(file), encoding, file.path());
  if (begins_zstd(begin)) return decoder(zstd_unpacker(file), encoding, file.path());
  if (encoding_of(begin, encoding, file.path()) == "utf-8") return nullptr;
  return decoder(std::make_unique<FileBytes>(file), encoding, file.path());
}

UnpackedFile::UnpackedFile(const ReadableFile& from, Unpacker& unpacker, const std::string& folder)
    : file_(folder + "/unpacked") {
  const UniqueFd to = create();
  for (std::string_view text = unpacker.read(); !text.empty(); text = unpacker.read()) {
    with_context("unpacking '" + from.path() + "'",
                 [&] { write_all(to.get(), text, file_.temporary_path()); });
    bytes_ += text.size();
  }
  // Over a network a full disk may show only now; and other ranks are about to read this.
  if (file_operations().sync(to.get()) != 0) throw errno_error("write", file_.temporary_path(), errno);
}

UnpackedFile::UnpackedFile(std::uint64_t bytes, const std::string& folder)
    : file_(folder + "/unpacked"), bytes_(bytes) {
  const UniqueFd made = create();
}

UniqueFd UnpackedFile::create() const {
  UniqueFd file(file_operations().open(file_.temporary_path().c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600));
  if (!file.valid()) throw errno_error("create", file_.temporary_path(), errno);
  return file;
}

}  // namespace millrace
