#include "ingestion/public_data.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/core.h>

namespace millrace {

namespace {

struct PublicData {
  const char* folder;
  const char* title;
  const char* repository;  // on GitHub
  const char* path;        // there
};

constexpr std::array kPublicData{
    PublicData{"telco-churn", "IBM's telco customer churn", "IBM/telco-customer-churn-on-icp4d",
               "data/Telco-Customer-Churn.csv"},
    PublicData{"adult", "the UCI adult (census income) data", "jbrownlee/Datasets",
               "adult-train.csv (as adult.data) and adult-test.csv (as adult.test)"},
    PublicData{"california-housing", "California housing prices of 1990", "ageron/handson-ml2",
               "datasets/housing/housing.csv"},
    PublicData{"bike-sharing", "the UCI bike sharing data", "udacity/deep-learning-v2-pytorch",
               "project-bikesharing/Bike-Sharing-Dataset/"},
    PublicData{"elec2", "the elec2 electricity prices", "Alex-Lekov/AutoML-Benchmark",
               "binary-classification/datasets/electricity/electricity.csv"},
    PublicData{"airlines", "US airline delays, 1987 to 2008", "h2oai/h2o-2",
               "smalldata/airlines/allyears2k_headers.zip"},
    PublicData{"kddcup99", "the KDD Cup 1999 network intrusions (10 percent)", "potash/brf-example",
               "data/kddcup.data_10_percent.gz"},
};

bool has_component(const std::filesystem::path& path, const std::string& name) {
  return std::find(path.begin(), path.end(), std::filesystem::path(name)) != path.end();
}

}  // namespace

std::string public_data_hint(const std::string& path) {
  for (const PublicData& data : kPublicData) {
    if (!has_component(path, data.folder)) continue;
    return fmt::format(
        "; this is the public data set {0} ({1}): get {3} from the repository {2} on GitHub, put it into a "
        "folder "
        "{0}/, and set MILLRACE_DATA to the folder that holds {0}/",
        data.folder, data.title, data.repository, data.path);
  }
  if (path.find("shared/data") == std::string::npos) return "";
  return "; set MILLRACE_DATA to the folder that holds the public data sets (telco-churn/, adult/, …)";
}

}  // namespace millrace
