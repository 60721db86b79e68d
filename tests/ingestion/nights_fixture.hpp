// What tests of ingestions that follow each other share: a folder of files that come and go.
#pragma once

#include <filesystem>
#include <string>

#include "ingestion/ingest_fixture.hpp"

namespace millrace::testing_support {

class NightsTest : public IngestTest {
 protected:
  NightsTest() { config_.source.push_back({shared("data"), {"c.yaml", 3, 9}}); }

  void write(const std::string& name, const std::string& text) {
    if (world_.is_root()) {
      make_folder(std::filesystem::path(shared("data/" + name)).parent_path().string());
      testing_support::write_text(shared("data/" + name), text);
    }
    world_.barrier();
  }
  void remove(const std::string& name) {
    world_.barrier();
    if (world_.is_root()) std::filesystem::remove(shared("data/" + name));
    world_.barrier();
  }

  // The same files where nothing is kept.
  IngestResult afresh() { return ingest_by(world_, shared(fmt::format("afresh-{}", ++references_))); }
  // What tonight's ingestion gives, with so many files kept.
  void expect_same(std::size_t kept, const std::string& what) {
    const IngestResult tonight = ingest_together();
    const IngestResult reference = afresh();
    EXPECT_EQ(canonical_json(tonight.dataset), canonical_json(reference.dataset)) << what;
    EXPECT_EQ(tonight.version, reference.version) << what;
    EXPECT_EQ(tonight.kept_files, kept) << what;
    EXPECT_EQ(reference.kept_files, 0U);
    EXPECT_EQ(rows_of(tonight.dataset).size(), tonight.dataset.rows());  // all are there
  }

  // The records of an action's kind: no longer what they were.
  void damage_what_is_kept(const std::string& action) {
    world_.barrier();
    if (world_.is_root()) {
      for (const std::string& name : list_folder(shared("workspace/actions/" + action))) {
        const Json record = Json::parse(read_file(shared("workspace/actions/" + action + "/" + name)));
        replace_object(Digest::from_hex(record.at("output").at("kept").get<std::string>()), "{}");
      }
    }
    world_.barrier();
  }
  void replace_object(const Digest& object, const std::string& bytes) {
    const std::string path = workspace().object_path(object);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    write_text(path, bytes);
  }

  int references_ = 0;
};

}  // namespace millrace::testing_support
