// A watched source and a clock that tests move.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

#include <gtest/gtest.h>

#include "base/publish.hpp"
#include "monitoring/data_watch.hpp"
#include "support/tables.hpp"
#include "support/temporary_folder.hpp"

namespace millrace::testing_support {

class WatchTest : public testing::Test {
 protected:
  WatchTest() {
    config_.name = "churn";
    config_.workspace = folder_ / "workspace";
    std::filesystem::create_directory(folder_ / "data");
    source("data");
  }

  void source(const std::string& place) {
    config_.data.source = {
        {place.find("://") == std::string::npos ? folder_ / place : place, {"c.yaml", 3, 9}}};
  }
  void write(const std::string& name, const std::string& text) const { publish_file(folder_ / name, text); }
  // As the process would end and begin again; also the first time.
  void restart() {
    watch_.reset();
    watch_.emplace(config_, [this] { return now_; });
  }
  DataLook after(double seconds) {
    now_.steady += seconds;
    now_.wall += seconds;
    if (!watch_) restart();
    return watch_->look();
  }
  // The names of the files whose contents are new, and of those that are not complete, as "b.csv; a.csv".
  std::string seen_after(double seconds) {
    const DataLook look = after(seconds);
    std::string text;
    for (const WatchedContent& content : look.contents) text += name_of(content.place) + " ";
    text += ";";
    for (const std::string& place : look.incomplete) text += " " + name_of(place);
    return text;
  }

  TemporaryFolder folder_;
  PipelineConfig config_;
  LookTime now_{"one boot", 1000, 1e9};
  std::optional<DataWatch> watch_;

 private:
  static std::string name_of(const std::string& place) {
    return std::filesystem::path(place).filename().string();
  }
};

}  // namespace millrace::testing_support
