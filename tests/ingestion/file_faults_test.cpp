// Files that are not the same for all ranks, or not the same all the time: one error, on all ranks, at once.
#include <algorithm>
#include <cerrno>
#include <optional>

#include "base/file.hpp"
#include "ingestion/ingest_fixture.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

// Opens another file in place of the source, or fails; after the source has been opened `spared` times.
class SubstitutedSource : public FileOperations {
 public:
  SubstitutedSource(std::string source, std::string instead, int spared)
      : source_(std::move(source)), instead_(std::move(instead)), spared_(spared) {}

  int open(const char* path, int flags, unsigned mode) override {
    if (path != source_ || spared_-- > 0) return FileOperations::open(path, flags, mode);
    if (!instead_.empty()) return FileOperations::open(instead_.c_str(), flags, mode);
    errno = EACCES;
    return -1;
  }

 private:
  std::string source_, instead_;
  int spared_;
};

// Reads end `lost` bytes early, as where the file has been cut since it was opened.
class CutSource : public FileOperations {
 public:
  explicit CutSource(std::uint64_t end) : end_(end) {}
  long read_at(int fd, char* data, std::size_t size, std::uint64_t offset) override {
    const std::uint64_t left = offset < end_ ? end_ - offset : 0;
    return FileOperations::read_at(fd, data, std::min<std::uint64_t>(size, left), offset);
  }

 private:
  std::uint64_t end_;
};

class FileFaults : public testing_support::IngestTest {
 protected:
  FileFaults() {
    config_.shard_bytes = 64;
    std::string text = "x,y\n";
    for (int i = 0; i < 60; ++i) text += fmt::format("{},\"l1\nl2\"\n", i);
    source("a.csv", text);
    if (world_.is_root()) testing_support::write_text(shared("longer.csv"), text + "60,z\n");
    text.resize(text.size() / 2);
    if (world_.is_root()) testing_support::write_text(shared("shorter.csv"), text);
    world_.barrier();
  }

  [[nodiscard]] bool is_last() const { return world_.rank() + 1 == world_.size(); }

  // The sources as they are found first; ingestion comes after what happens in between.
  void find() {
    there_.emplace(shared("workspace"));
    world_.agree([&] {
      if (world_.is_root()) there_->prepare();
    });
    sources_.emplace(world_, config_, *there_, events_);
    path_ = sources_->places()[0];
  }

  // All ranks fail so and with the same words, which name the source; nothing is left in tmp/.
  void expect_failure(Topic topic, const std::string& words) {
    std::string said = "no error";
    try {
      ingest(world_, config_, "test", *sources_, *there_, events_);
    } catch (const Error& error) {
      said = error.message();
      testing_support::expect_topic(error, topic);
    }
    EXPECT_NE(said.find("a.csv"), std::string::npos) << said;
    EXPECT_NE(said.find(words), std::string::npos) << said;
    for (const std::string& other : world_.all_gather(said)) EXPECT_EQ(other, said);
    expect_no_temporary_files(*there_);
  }

  std::optional<Workspace> there_;
  std::optional<Sources> sources_;
  std::string path_;
};

TEST_F(FileFaults, AFileThatOneRankMayNotRead) {
  find();
  for (int spared = 0; spared < 3; ++spared) {
    SubstitutedSource denied(path_, "", is_last() ? spared : 1 << 20);
    const ScopedFileOperations operations(denied);
    expect_failure(Topic::kPermissionDenied, "Permission denied");
  }
}

TEST_F(FileFaults, AFileThatHasAnotherSizeForOneRank) {
  find();
  for (const char* other : {"longer.csv", "shorter.csv"}) {
    SubstitutedSource changed(path_, shared(other), is_last() ? 0 : 1 << 20);
    const ScopedFileOperations operations(changed);
    expect_failure(Topic::kFileChanged, "");
  }
}

TEST_F(FileFaults, AFileThatGrowsShrinksOrVanishesBeforeItIsRead) {
  for (const char* other : {"longer.csv", "shorter.csv", ""}) {
    find();
    world_.barrier();
    const std::string kept = shared("kept.csv");
    if (world_.is_root()) {
      std::filesystem::rename(path_, kept);
      if (*other != '\0') std::filesystem::copy_file(shared(other), path_);
    }
    world_.barrier();
    if (*other == '\0') {
      expect_failure(Topic::kMissingFile, "No such file");
    } else {
      expect_failure(Topic::kFileChanged, "changed while");
    }
    world_.barrier();
    if (world_.is_root()) std::filesystem::rename(kept, path_);
    world_.barrier();
  }
}

TEST_F(FileFaults, AFileThatIsCutWhileItIsRead) {
  find();
  for (const std::uint64_t end : {3U, 70U, 300U, 600U}) {
    CutSource cut(end);
    const ScopedFileOperations operations(cut);
    expect_failure(Topic::kFileChanged, "became shorter while it was read");
  }
}

}  // namespace
}  // namespace millrace
