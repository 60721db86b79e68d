// Batch scoring by 1 to 4 ranks: a source, a model, and what is scored.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/publish.hpp"
#include "base/signals.hpp"
#include "scoring/score.hpp"
#include "support/example_artifact.hpp"
#include "support/temporary_folder.hpp"

namespace millrace::testing_support {

namespace fs = std::filesystem;

// Rows with every kind of field: missing ones, quotes and line breaks within texts, categories never seen.
inline std::string csv_of(std::size_t rows, std::size_t seed) {
  const std::vector<std::string> cities{"Ulm", "Bonn", "", "\"New\nUlm\"", "\"a \"\"b\"\", c\""};
  const std::vector<std::string> contracts{"monthly", "yearly", "", "never"};
  std::string text = "id,age,contract,city,since\n";
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t r = (i * 7919 + seed * 104729) % 10007;
    text += fmt::format("c{},{},{},{},{}\n", i, r % 9 == 0 ? "" : std::to_string(r % 90),
                        contracts[r % contracts.size()], cities[r % cities.size()],
                        r % 5 == 0 ? "" : fmt::format("20{:02}-03-0{}", r % 25, 1 + r % 9));
  }
  return text;
}

class Scores : public testing::Test {
 protected:
  Scores() {
    shared_ = private_.path();
    world_.broadcast(shared_);
    data_.block_bytes = 600;
    data_.shard_bytes = 2000;
    data_.threads = 2;
  }
  ~Scores() override {
    clear_stop_request();
    world_.barrier();
  }

  [[nodiscard]] std::string shared(const std::string& name) const { return shared_ + "/" + name; }
  void source(const std::string& name, const std::string& text) {
    if (world_.is_root()) publish_file_in(shared(name), text);
    data_.source.push_back({shared(name), {}});
    world_.barrier();
  }
  static void publish_file_in(const std::string& path, const std::string& text) {
    make_folder(fs::path(path).parent_path().string());
    publish_file(path, text);
  }

  [[nodiscard]] ScoringRequest request(const ScoringModel* against = nullptr) const {
    return {model_, against, data_, keep_};
  }
  Json score(const std::string& out, ScoreFormat format = ScoreFormat::kCsv,
             const ScoringModel* against = nullptr) {
    const Json manifest = score_to_files(world_, request(against), output_for(shared(out), format));
    world_.barrier();
    return manifest;
  }
  // By rank 0 alone; "" elsewhere.
  std::string scored_alone() {
    std::string text;
    if (world_.is_root()) score_to_sink(request(), [&](std::string_view bytes) { text += bytes; });
    world_.barrier();
    return text;
  }
  // What all ranks fail with, alike.
  Error failure_of(const std::string& out, const ScoringModel* against = nullptr) {
    try {
      score(out, ScoreFormat::kCsv, against);
    } catch (const Error& error) {
      for (const std::string& message : world_.all_gather(error.message()))
        EXPECT_EQ(message, error.message());
      return error;
    }
    ADD_FAILURE() << "no error";
    return {ExitCode::kDone, ""};
  }

  Communicator world_ = Communicator::world();
  TemporaryFolder private_;
  std::string shared_;
  DataConfig data_;
  ScoringModel model_{example_artifact(), digest_of("one")};
  std::vector<std::string> keep_;
};

}  // namespace millrace::testing_support
