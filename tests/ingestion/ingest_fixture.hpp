// What tests of ingestion under MPI share: sources and a workspace that all ranks see.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/events.hpp"
#include "base/file.hpp"
#include "ingestion/ingest.hpp"
#include "ingestion/reference_csv.hpp"
#include "storage/data_shard.hpp"
#include "support/temporary_folder.hpp"
#include "table/format.hpp"

namespace millrace::testing_support {

using FormattedRows = std::vector<std::vector<std::string>>;
inline FormattedRows formatted_rows(const Table& table) {
  FormattedRows rows(table.rows());
  for (const Column& column : table.columns) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
      rows[row].push_back(column.is_valid(row) ? format_value(column, row) : "(missing)");
    }
  }
  return rows;
}

class IngestTest : public testing::Test {
 protected:
  IngestTest() {
    shared_ = private_.path();
    world_.broadcast(shared_);
    config_.missing = {"", "NA"};
  }
  ~IngestTest() override { world_.barrier(); }  // no folder goes away while others look into it

  [[nodiscard]] std::string shared(const std::string& name) const { return shared_ + "/" + name; }

  // Adds a source file, the same for all ranks.
  void source(const std::string& name, const std::string& text) {
    if (world_.is_root()) write_text(shared(name), text);
    config_.source.push_back({shared(name), {"c.yaml", 3, 9}});
    world_.barrier();
  }

  IngestResult ingest_by(const Communicator& comm, const std::string& root) {
    const Workspace workspace(root);
    comm.agree([&] {
      if (comm.is_root()) workspace.prepare();
    });
    Sources sources(comm, config_, workspace, events_);
    return ingest(comm, config_, "test", sources, workspace, events_);
  }
  IngestResult ingest_together() { return ingest_by(world_, shared("workspace")); }
  // By one rank, in a workspace of its own.
  IngestResult ingest_alone() { return ingest_by(Communicator::self(), private_ / "alone"); }

  [[nodiscard]] Workspace workspace() const { return Workspace(shared("workspace")); }
  // Once all are done; and none goes on, and makes new ones, before all have looked.
  void expect_no_temporary_files(const Workspace& workspace) const {
    world_.barrier();
    EXPECT_TRUE(list_folder(workspace.temporary_folder()).empty());
    world_.barrier();
  }
  void expect_no_temporary_files() const { expect_no_temporary_files(workspace()); }
  // Of all shards, in their order, each being what the dataset says of it.
  [[nodiscard]] FormattedRows rows_of(const Dataset& dataset) const {
    FormattedRows rows;
    for (const ShardEntry& entry : dataset.shards) {
      const DataShard shard = read_data_shard(workspace().object_path(entry.object));
      EXPECT_EQ(shard.records.size(), entry.rows);
      EXPECT_EQ(shard.table.schema, dataset.schema);
      for (auto& row : formatted_rows(shard.table)) rows.push_back(std::move(row));
    }
    return rows;
  }

  // What the work fails with; all ranks must fail alike.
  template <class Work>
  Error failure_of(const Work& work) {
    try {
      work();
    } catch (const Error& error) {
      for (const std::string& message : world_.all_gather(error.message()))
        EXPECT_EQ(message, error.message());
      return error;
    }
    ADD_FAILURE() << "no error";
    return {ExitCode::kDone, ""};
  }
  Error failure() {
    return failure_of([&] { ingest_together(); });
  }

  Communicator world_ = Communicator::world();
  TemporaryFolder private_;
  std::string shared_;
  DataConfig config_;
  Events events_;
};

}  // namespace millrace::testing_support
