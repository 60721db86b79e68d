#include "ingestion/plain_sources.hpp"

#include "base/log.hpp"
#include "ingestion/digest_memory.hpp"
#include "ingestion/ingest.hpp"

namespace millrace {

namespace {

void tell(const SourceFile& file, Events& events) {
  if (file.encoding != "utf-8") log_info("'{}' is {} and read as such", file.name, file.encoding);
  events.emit("ingest.unpacked", {{"file", file.name},
                                  {"bytes", file.bytes},
                                  {"unpacked_bytes", *file.unpacked_bytes},
                                  {"encoding", file.encoding}});
}

}  // namespace

PlainSources::PlainSources(const Communicator& comm, Sources& sources, const std::string& encoding,
                           const Workspace& workspace, Events& events)
    : files_(sources.files()), paths_(sources.fetch(comm)) {
  comm.agree([&] { unpack_mine(comm, encoding, workspace); });
  Json told = Json::array();
  for (const auto& [i, unpacked] : mine_)
    told.push_back({i, unpacked->path(), unpacked->bytes(), files_[i].encoding});
  for (const std::string& part : comm.all_gather(told.dump())) {
    for (const Json& unpacked : Json::parse(part)) {
      SourceFile& file = files_[unpacked[0]];
      paths_[unpacked[0]] = unpacked[1];
      file.unpacked_bytes = unpacked[2];
      file.encoding = unpacked[3];
      if (comm.is_root()) tell(file, events);
    }
  }
}

void PlainSources::unpack_mine(const Communicator& comm, const std::string& encoding,
                               const Workspace& workspace) {
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    if (!owns_shard(comm, i)) continue;
    const ReadableFile file(paths_[i]);
    if (file.size() != files_[i].bytes) throw changed_meanwhile(paths_[i]);
    const auto unpacker = unpacker_of(file, encoding);
    if (!unpacker) continue;
    if (mine_.empty()) remove_abandoned_files(workspace.temporary_folder());  // of this host: texts are large
    mine_.emplace_back(i, std::make_unique<UnpackedFile>(file, *unpacker, workspace.temporary_folder()));
    files_[i].encoding = unpacker->encoding();
  }
}

}  // namespace millrace
