#include "packaging/archive.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr const char* kCompressionLevel = "3";
constexpr int kBlockBytes = 1 << 16;  // of a write or a read

using Writer = std::unique_ptr<archive, decltype(&archive_write_free)>;
using Reader = std::unique_ptr<archive, decltype(&archive_read_free)>;
using Entry = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

std::string words_of(archive* handle) {
  const char* words = archive_error_string(handle);
  return words != nullptr ? words : "libarchive gives no reason";
}

void check_read(bool done, archive* handle, const std::string& trouble) {
  if (!done) throw Error(Topic::kDamagedArtifact, "{}: {}", trouble, words_of(handle));
}

// The topic is that of the system call which failed, if one did.
void check_written(bool done, archive* handle, const std::string& path) {
  if (done) return;
  throw errno_error("write", path, archive_errno(handle))
      .reworded(fmt::format("cannot write '{}': {}", path, words_of(handle)));
}

void write_part(archive* handle, const ArchivePart& part, const std::string& path) {
  const Entry entry(archive_entry_new(), archive_entry_free);
  archive_entry_set_pathname(entry.get(), part.name.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(part.bytes.size()));
  archive_entry_set_mtime(entry.get(), 0, 0);
  archive_entry_set_uid(entry.get(), 0);
  archive_entry_set_gid(entry.get(), 0);
  check_written(archive_write_header(handle, entry.get()) == ARCHIVE_OK, handle, path);
  const la_ssize_t wrote = archive_write_data(handle, part.bytes.data(), part.bytes.size());
  check_written(wrote == static_cast<la_ssize_t>(part.bytes.size()), handle, path);
}

// libarchive's way of writing, through the file layer: as much as one call takes, or -1 with the reason.
la_ssize_t write_piece(archive* handle, void* fd, const void* bytes, std::size_t size) {
  const long wrote = file_operations().write(*static_cast<int*>(fd), static_cast<const char*>(bytes), size);
  if (wrote < 0) archive_set_error(handle, errno, "%s", std::strerror(errno));
  return wrote;
}

}  // namespace

void write_archive(const std::string& path, const std::vector<ArchivePart>& parts) {
  const UniqueFd file(file_operations().open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644));
  if (!file.valid()) throw errno_error("create", path, errno);
  int fd = file.get();
  const Writer writer(archive_write_new(), archive_write_free);
  archive* handle = writer.get();
  for (const int status :
       {archive_write_set_format_ustar(handle), archive_write_add_filter_zstd(handle),
        archive_write_set_filter_option(handle, "zstd", "compression-level", kCompressionLevel),
        archive_write_set_bytes_in_last_block(handle, 1),
        archive_write_set_bytes_per_block(handle, kBlockBytes),
        archive_write_open(handle, &fd, nullptr, write_piece, nullptr)}) {
    check_written(status == ARCHIVE_OK, handle, path);
  }
  for (const ArchivePart& part : parts) write_part(handle, part, path);
  check_written(archive_write_close(handle) == ARCHIVE_OK, handle, path);
}

constexpr std::uint64_t kUnpackedAnyway = std::uint64_t{16} << 20U;
constexpr std::uint64_t kUnpackedTimes = 256;

struct ArchiveReader::Impl {
  std::uint64_t allowance = 0;  // of bytes that are still to be unpacked
  Reader reader{archive_read_new(), archive_read_free};
  archive_entry* entry = nullptr;  // the current one; libarchive owns it
};

ArchiveReader::ArchiveReader(const std::string& path) : impl_(std::make_unique<Impl>()) {
  const ReadableFile readable(path);  // names a missing file or a folder better than libarchive does
  impl_->allowance = kUnpackedAnyway + kUnpackedTimes * readable.size();
  archive* handle = impl_->reader.get();
  check_read(archive_read_support_filter_zstd(handle) == ARCHIVE_OK, handle, "cannot read .zst files");
  check_read(archive_read_support_format_tar(handle) == ARCHIVE_OK, handle, "cannot read .tar files");
  check_read(archive_read_open_filename(handle, path.c_str(), kBlockBytes) == ARCHIVE_OK, handle,
             "it is no .tar.zst file");
  if (archive_filter_code(handle, 0) != ARCHIVE_FILTER_ZSTD)
    throw Error(Topic::kDamagedArtifact, "it is no .tar.zst file: it is not packed with Zstandard");
}

ArchiveReader::~ArchiveReader() = default;

std::optional<std::string> ArchiveReader::next() {
  archive* handle = impl_->reader.get();
  const int status = archive_read_next_header(handle, &impl_->entry);
  if (status == ARCHIVE_EOF) return std::nullopt;
  check_read(status == ARCHIVE_OK, handle, "it is no .tar.zst file, or is damaged");
  const char* name = archive_entry_pathname(impl_->entry);
  if (name == nullptr) throw Error(Topic::kDamagedArtifact, "it has an entry without a name");
  if (archive_entry_filetype(impl_->entry) != AE_IFREG) {
    throw Error(Topic::kDamagedArtifact, "its entry {} is no plain file", millrace::quoted(name));
  }
  return name;
}

std::uint64_t ArchiveReader::size() const {
  return static_cast<std::uint64_t>(archive_entry_size(impl_->entry));
}

namespace {

void check_size(std::uint64_t bytes, std::uint64_t limit, std::uint64_t allowance) {
  if (bytes > limit) {
    throw Error(Topic::kDamagedArtifact, "it has more than the {} that it may have",
                human_bytes(static_cast<double>(limit)));
  }
  if (bytes > allowance) {
    throw Error(Topic::kDamagedArtifact,
                "it would unpack to {} or more, which no artifact of this file's size does: it is refused",
                human_bytes(static_cast<double>(bytes)));
  }
}

}  // namespace

std::string ArchiveReader::read(std::uint64_t limit) {
  constexpr std::size_t kPiece = 1 << 16;
  archive* handle = impl_->reader.get();
  std::string bytes;
  for (;;) {
    const std::size_t before = bytes.size();
    check_size(std::max<std::uint64_t>(before, size()), limit, impl_->allowance);
    bytes.resize(before + kPiece);
    const la_ssize_t got = archive_read_data(handle, bytes.data() + before, kPiece);
    check_read(got >= 0, handle, "it is damaged");
    bytes.resize(before + static_cast<std::size_t>(got));
    if (got > 0) continue;
    impl_->allowance -= bytes.size();
    return bytes;
  }
}

}  // namespace millrace
