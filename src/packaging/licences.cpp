#include "packaging/licences.hpp"

namespace millrace {

namespace {

struct Software {
  const char* name;
  const char* licence;
};

// What millrace-serve is made of: DEPENDENCIES.md.
constexpr Software kSoftware[] = {
    {"Millrace", "Apache-2.0"},
    {"Boost", "BSL-1.0"},
    {"fmt", "MIT"},
    {"GNU C library", "LGPL-2.1-or-later"},
    {"GNU C++ library", "GPL-3.0-or-later WITH GCC-exception-3.1"},
    {"HDF5", "BSD-3-Clause"},
    {"libarchive", "BSD-2-Clause"},
    {"nlohmann/json", "MIT"},
    {"OpenSSL", "Apache-2.0"},
    {"simdjson", "Apache-2.0"},
    {"spdlog", "MIT"},
    {"xxHash", "BSD-2-Clause"},
    {"Zstandard", "BSD-3-Clause"},
};

std::string said(const Json& licences, const char* key) {
  const auto licence = licences.at(key).get<std::string>();
  return licence.empty() ? "not stated" : licence;
}

}  // namespace

Json licences_of(const std::string& model, const std::string& data) {
  Json software = Json::array();
  for (const auto& [name, licence] : kSoftware) software.push_back({{"name", name}, {"licence", licence}});
  return {{"model", model}, {"data", data}, {"software", software}};
}

std::string licences_text(const Json& licences) {
  std::string text = fmt::format("Model: {}\nData: {}\n\nSoftware that serves it (SPDX names):\n",
                                 said(licences, "model"), said(licences, "data"));
  for (const Json& software : licences.at("software")) {
    text += fmt::format("- {}: {}\n", software.at("name").get<std::string>(),
                        software.at("licence").get<std::string>());
  }
  return text + "\nOn Debian, /usr/share/doc/PACKAGE/copyright has each library's text.\n";
}

}  // namespace millrace
