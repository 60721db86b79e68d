#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "cli/package/actions.hpp"

namespace millrace {

namespace {

// Names of parts are those that read_contents() knows, without folders: all lie in the folder itself.
void extract(const ArtifactContents& contents, const std::string& folder, bool replace) {
  make_folder(folder);
  std::vector<std::string> taken;
  for (const auto& [name, bytes] : contents.parts) {
    if (!replace && path_exists(folder + "/" + name)) taken.push_back(name);
  }
  if (!taken.empty()) {
    throw usage_error("'{}' has {} already; --replace writes over them", folder, join(taken, ", "));
  }
  for (const auto& [name, bytes] : contents.parts) publish_file(folder + "/" + name, bytes);
}

int run_package_extract(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = artifact_options();
  options.add_options()                                                         //
      ("to", po::value<std::string>(), "the folder; made where there is none")  //
      ("replace", "write over files that are there");
  const auto values = parse_options(self, arguments, options, {"artifact"}, comm);
  if (!values) return 0;
  const std::string path = artifact_argument(self, *values).path;
  const std::string folder = required_text(self, *values, "to");
  const ArtifactContents contents = read_contents(path);
  extract(contents, folder, values->count("replace") > 0);
  if (values->count("json") > 0)
    fmt::print("{}", pretty_json({{"folder", folder}, {"parts", contents.parts.size()}}));
  return 0;
}

}  // namespace

Command package_extract_action() {
  return {"package extract",
          "FILE|MODEL/VERSION --to FOLDER [--replace] [options]",
          "Write an artifact's parts into a folder, once they have been checked",
          "millrace package extract churn-7.tar.zst --to churn-7",
          false,
          run_package_extract};
}

}  // namespace millrace
