#include "ingestion/plain_sources.hpp"

#include <cerrno>

#include <fcntl.h>

#include "base/log.hpp"
#include "base/parallel.hpp"
#include "ingestion/digest_memory.hpp"
#include "ingestion/ingest.hpp"

namespace millrace {

namespace {

constexpr std::uint64_t kStretchBytes = std::uint64_t{4} << 20U;

void unpack_into(const std::string& to, const ReadableFile& from, const GzipStretch& stretch) {
  const UniqueFd text(file_operations().open(to.c_str(), O_WRONLY, 0));
  if (!text.valid()) throw errno_error("open", to, errno);
  unpack_stretch(from, stretch, text.get(), to);
  // Over a network a full disk may show only now; and other ranks are about to read this.
  if (file_operations().sync(text.get()) != 0) throw errno_error("write", to, errno);
}

// Other encodings are converted from the beginning to the end.
bool is_in_utf8(const ReadableFile& file, const std::string& encoding) {
  const auto unpacker = unpacker_of(file, encoding);
  unpacker->read();
  return unpacker->encoding() == "utf-8";
}

void tell(const SourceFile& file, Events& events) {
  if (file.encoding != "utf-8") log_info("'{}' is {} and read as such", file.name, file.encoding);
  events.emit("ingest.unpacked", {{"file", file.name},
                                  {"bytes", file.bytes},
                                  {"unpacked_bytes", *file.unpacked_bytes},
                                  {"encoding", file.encoding}});
}

}  // namespace

PlainSources::PlainSources(const Communicator& comm, Sources& sources, const std::string& encoding,
                           std::size_t threads, const Workspace& workspace, Events& events,
                           const KeptFiles& kept)
    : files_(sources.files()),
      paths_(sources.fetch(comm, [&](std::size_t i) { return kept.find(i) == nullptr; })) {
  for (const auto& [source, file] : kept.files) files_[source] = file.file;
  comm.agree([&] { unpack_mine(comm, encoding, threads, workspace, kept); });
  const std::vector<SharedStretch> stretches = exchange(comm, events);
  comm.agree([&] {
    std::vector<const SharedStretch*> owned;
    for (std::size_t i = 0; i < stretches.size(); ++i) {
      if (owns_shard(comm, i)) owned.push_back(&stretches[i]);
    }
    ordered_parallel(
        owned.size(), threads,
        [&](std::size_t i) {
          unpack_into(owned[i]->to, ReadableFile(owned[i]->from), owned[i]->stretch);
          return true;
        },
        [](std::size_t, bool) {});
  });
}

void PlainSources::unpack_mine(const Communicator& comm, const std::string& encoding, std::size_t threads,
                               const Workspace& workspace, const KeptFiles& kept) {
  std::vector<std::size_t> owned;
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    if (!owns_shard(comm, i) || kept.find(i) != nullptr) continue;
    const ReadableFile file(paths_[i]);
    if (file.size() != files_[i].bytes) throw changed_meanwhile(paths_[i]);
    if (unpacker_of(file, encoding)) owned.push_back(i);
  }
  if (owned.empty()) return;
  remove_abandoned_files(workspace.temporary_folder());  // of this host: texts are large
  ordered_parallel(
      owned.size(), threads,
      [&](std::size_t i) { return unpack(owned[i], encoding, workspace.temporary_folder()); },
      [&](std::size_t, Unpacked&& unpacked) { mine_.push_back(std::move(unpacked)); });
}

PlainSources::Unpacked PlainSources::unpack(std::size_t source, const std::string& encoding,
                                            const std::string& folder) const {
  const ReadableFile file(paths_[source]);
  const auto unpacker = unpacker_of(file, encoding);
  const std::vector<GzipStretch> stretches = gzip_stretches(file, kStretchBytes);
  if (stretches.size() > 1 && is_in_utf8(file, encoding)) {
    const GzipStretch& last = stretches.back();
    auto room = std::make_unique<UnpackedFile>(last.text_begin + last.text_bytes, folder);
    return {source, std::move(room), "utf-8", stretches};
  }
  auto text = std::make_unique<UnpackedFile>(file, *unpacker, folder);
  return {source, std::move(text), unpacker->encoding(), {}};
}

// Where the texts of all packed files are, told to all; and what is still to be unpacked.
std::vector<PlainSources::SharedStretch> PlainSources::exchange(const Communicator& comm, Events& events) {
  Json told = Json::array();
  for (const auto& [source, text, encoding, stretches] : mine_)
    told.push_back({source, text->path(), text->bytes(), stretches, encoding});
  std::vector<SharedStretch> shared;
  for (const std::string& part : comm.all_gather(told.dump())) {
    for (const Json& unpacked : Json::parse(part)) {
      SourceFile& file = files_[unpacked[0]];
      std::string& path = paths_[unpacked[0]];
      for (const Json& stretch : unpacked[3]) shared.push_back({path, unpacked[1], stretch});
      path = unpacked[1];
      file.unpacked_bytes = unpacked[2];
      file.encoding = unpacked[4];
      if (comm.is_root()) tell(file, events);
    }
  }
  return shared;
}

}  // namespace millrace
