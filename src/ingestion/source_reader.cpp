#include "ingestion/source_reader.hpp"

#include <set>

#include "base/file.hpp"
#include "base/json.hpp"
#include "ingestion/csv_sources.hpp"
#include "ingestion/hdf5_sources.hpp"
#include "ingestion/ingest.hpp"
#include "ingestion/kept_files.hpp"

namespace millrace {

namespace {

// The numbers of the files that are HDF5; ranks share the looking. Empty files are of any format.
std::set<std::size_t> find_hdf5(const Communicator& comm, const SourceTexts& sources) {
  const auto mine = comm.agree([&] {
    std::set<std::size_t> found;
    for (std::size_t i = 0; i < sources.files.size(); ++i) {
      if (!owns_shard(comm, i) || sources.files[i].text_bytes() == 0) continue;
      if (const KeptFile* kept = sources.kept_file(i)) {
        if (kept->format == kHdf5Format) found.insert(i);
        continue;
      }
      if (is_hdf5(ReadableFile(sources.paths[i], sources.files[i].name))) found.insert(i);
    }
    return found;
  });
  std::set<std::size_t> all;
  for (const std::string& part : comm.all_gather(Json(mine).dump()))
    all.merge(Json::parse(part).get<std::set<std::size_t>>());
  return all;
}

void require_one_format(const SourceTexts& sources, const std::set<std::size_t>& hdf5) {
  for (std::size_t i = 0; i < sources.files.size(); ++i) {
    if (hdf5.contains(i) || sources.files[i].text_bytes() == 0) continue;
    throw usage_error(
        "data.source names files of different formats: '{}' is HDF5, '{}' is not; a data set is read from "
        "one format",
        sources.files[*hdf5.begin()].name, sources.files[i].name);
  }
}

}  // namespace

const KeptFile* SourceTexts::kept_file(std::size_t source) const {
  return kept == nullptr ? nullptr : kept->find(source);
}

std::unique_ptr<SourceReader> read_sources(const Communicator& comm, const SourceTexts& sources) {
  const std::set<std::size_t> hdf5 = find_hdf5(comm, sources);
  if (hdf5.empty()) return std::make_unique<CsvSources>(comm, sources);
  require_one_format(sources, hdf5);
  return std::make_unique<Hdf5Sources>(comm, sources);
}

}  // namespace millrace
