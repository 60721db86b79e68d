// What earlier ingestions made of files, so that one that finds a file again takes its shards over and reads
// nothing of it. A file is the same where its name, its bytes and the settings by which it is read are; its
// shards are of use where the columns of all files together still have the types that they had.
//
// Found by actions/file/KEY. Layout: docs/formats.md, "Kept file".
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "config/pipeline_config.hpp"
#include "ingestion/dataset.hpp"
#include "ingestion/evidence.hpp"
#include "ingestion/rejects.hpp"
#include "statistics/column_statistics.hpp"
#include "storage/objects.hpp"

namespace millrace {

// One shard of a file: a LoadedShard whose distinct counts are with the file's, and whose rejects name it.
struct FileShard {
  Digest object;  // empty where the piece holds no record
  std::uint64_t rows = 0;
  std::uint64_t records = 0;
  std::uint64_t begin = 0;
  RejectCounts reject_counts;
  std::vector<Json> rejects;
  std::vector<ColumnStatistics> statistics;  // without distinct counts
};

// What is known of a file's values, or of some of its shards'. Merging is order-free.
struct FileContents {
  std::map<std::size_t, FileShard> shards;  // by their numbers within the file
  std::vector<DistinctCounter> distinct;    // one a column
  std::vector<Evidence> evidence;           // one a column of the file, or none

  // Takes the distinct counts of `statistics`, the rest is copied.
  void add(std::size_t number, FileShard shard, const std::vector<ColumnStatistics>& statistics);
  void merge(FileContents&& other);
};
void to_json(Json& json, const FileContents& contents);
void from_json(const Json& json, FileContents& contents);

// What all ranks know of a kept file.
struct KeptFile {
  SourceFile file;  // with what is known of its text
  Schema schema;    // of its shards, with the columns of its folders
  std::string format;
  std::string delimiter;
  Json description;  // SourceReader's: what it looks for in a file before it reads its rows
};
// In words, how its columns differ from those that all files together have now.
std::string misfit(const KeptFile& kept, const Schema& now);
void to_json(Json& json, const KeptFile& kept);
void from_json(const Json& json, KeptFile& kept);

struct KeptFiles {
  std::map<std::size_t, KeptFile> files;     // by their numbers among the sources
  std::map<std::size_t, FileContents> mine;  // those of them that this rank answers for

  [[nodiscard]] const KeptFile* find(std::size_t source) const;
  void erase(std::size_t source);
  [[nodiscard]] std::vector<Evidence> evidence() const;  // of these of this rank together
};

// Collective; files are shared over the ranks. What is missing or damaged is not kept.
KeptFiles find_kept_files(const Communicator& comm, const DataConfig& config,
                          const std::vector<SourceFile>& sources, const Workspace& workspace);

// Collective. `mine`: what this rank loaded of files, by their numbers; what ranks know of a file is brought
// together on one. A file with more rejects than are kept is not kept.
void keep_files(const Communicator& comm, const DataConfig& config,
                const std::map<std::size_t, KeptFile>& files, std::map<std::size_t, FileContents>&& mine,
                const Workspace& workspace);

}  // namespace millrace
