#include "alerts/metrics_folder.hpp"

#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "base/publish.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

TEST(MetricsFolder, IsTheWorkspacesUnlessNamed) {
  AlertsConfig config;
  EXPECT_EQ(metrics_folder(Workspace("w"), config), "w/metrics");
  config.metrics = "/var/lib/node_exporter";
  EXPECT_EQ(metrics_folder(Workspace("w"), config), "/var/lib/node_exporter");
}

TEST(MetricsFolder, EveryNameHasAFileOfItsOwnInTheFolder) {
  const testing_support::TemporaryFolder folder;
  EXPECT_EQ(metrics_file("f", "telco-churn.v2"), "f/millrace_telco-churn.v2.prom");
  EXPECT_EQ(metrics_file("f", "a b/ö"), "f/millrace_a%20b%2F%C3%B6.prom");
  std::set<std::string> files;
  const std::vector<std::string> names{"",
                                       ".",
                                       "..",
                                       "../../etc/passwd",
                                       "a/b",
                                       "a%2Fb",
                                       "a\nb",
                                       std::string("a\0b", 3),
                                       "日本",
                                       "*",
                                       "a b",
                                       std::string(300, 'x'),
                                       "A.prom",
                                       "a",
                                       std::string(300, 'x') + "y"};
  for (const std::string& name : names) {
    const std::string file = metrics_file(folder.path(), name);
    EXPECT_EQ(std::filesystem::path(file).parent_path(), folder.path());
    EXPECT_TRUE(file.ends_with(".prom"));
    publish_file(file, "x");  // its temporary name is longer
    files.insert(file);
  }
  EXPECT_EQ(files.size(), names.size());
}

}  // namespace
}  // namespace millrace
