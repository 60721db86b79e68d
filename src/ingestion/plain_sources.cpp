#include "ingestion/plain_sources.hpp"

#include "ingestion/digest_memory.hpp"
#include "ingestion/ingest.hpp"

namespace millrace {

PlainSources::PlainSources(const Communicator& comm, Sources& sources, const Workspace& workspace,
                           Events& events)
    : files_(sources.files()), paths_(sources.fetch(comm)) {
  comm.agree([&] { unpack_mine(comm, workspace); });
  Json told = Json::array();
  for (const auto& [i, unpacked] : mine_) told.push_back({i, unpacked->path(), unpacked->bytes()});
  for (const std::string& part : comm.all_gather(told.dump())) {
    for (const Json& unpacked : Json::parse(part)) {
      SourceFile& file = files_[unpacked[0]];
      paths_[unpacked[0]] = unpacked[1];
      file.unpacked_bytes = unpacked[2];
      if (comm.is_root()) {
        events.emit("ingest.unpacked",
                    {{"file", file.name}, {"bytes", file.bytes}, {"unpacked_bytes", *file.unpacked_bytes}});
      }
    }
  }
}

void PlainSources::unpack_mine(const Communicator& comm, const Workspace& workspace) {
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    if (!owns_shard(comm, i)) continue;
    const ReadableFile file(paths_[i]);
    if (file.size() != files_[i].bytes) throw changed_meanwhile(paths_[i]);
    const auto unpacker = unpacker_of(file);
    if (!unpacker) continue;
    if (mine_.empty()) remove_abandoned_files(workspace.temporary_folder());  // of this host: texts are large
    mine_.emplace_back(i, std::make_unique<UnpackedFile>(file, *unpacker, workspace.temporary_folder()));
  }
}

}  // namespace millrace
