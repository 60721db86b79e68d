// millrace package export: what other runtimes take.
#include "packaging/runtimes/export.hpp"

#include <filesystem>

#include "base/json.hpp"
#include "base/topics.hpp"
#include "cli/artifact_reference.hpp"
#include "cli/package/actions.hpp"

namespace millrace {

namespace {

po::options_description export_options() {
  po::options_description options = workspace_options();
  options.add_options()                                                                        //
      ("artifact", po::value<std::string>(), "MODEL[/VERSION|@ALIAS], or an artifact's file")  //
      ("as", po::value<std::string>(), "triton, kserve, docker or apptainer")                  //
      ("to", po::value<std::string>(), "the folder to write to")                               //
      ("name", po::value<std::string>(), "kserve: the service's name; default: the model's")   //
      ("canary", po::value<int>(), "kserve: percent of the traffic for this version")          //
      ("storage", po::value<std::string>(), "kserve: URI that the model is loaded from")       //
      ("image", po::value<std::string>(), "kserve: the image that serves it")                  //
      ("server", po::value<std::string>(), "kserve: millrace (the default), or triton for model.onnx");
  return options;
}

std::string required(const Command& self, const po::variables_map& values, const char* name) {
  if (values.count(name) > 0) return values[name].as<std::string>();
  throw Error(Topic::kCommandLine, "{}{} is missing: millrace {} {}",
              std::string(name) == "artifact" ? "" : "--", name, self.name, self.arguments);
}

// An option that would have no effect is a misunderstanding.
void refuse_options_of_kserve(const po::variables_map& values, const std::string& runtime) {
  for (const char* name : {"name", "canary", "storage", "image", "server"}) {
    if (values.count(name) > 0)
      throw Error(Topic::kCommandLine, "--{} is for --as kserve, not for --as {}", name, runtime);
  }
}

KserveOptions kserve_options(const po::variables_map& values) {
  KserveOptions options{text_of(values, "name"), {}, text_of(values, "storage"), text_of(values, "image")};
  if (values.count("canary") > 0) options.canary = values["canary"].as<int>();
  const std::string server = text_of(values, "server");
  if (!server.empty() && server != "millrace" && server != "triton")
    throw Error(Topic::kCommandLine, "--server {} is neither millrace nor triton", server);
  options.with_triton = server == "triton";
  return options;
}

// The server that was built with this program.
std::string own_server() {
  std::string path = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "millrace-serve";
  if (std::filesystem::exists(path)) return path;
  throw Error(Topic::kMissingFile, "there is no '{}', which goes into the image; it lies beside millrace",
              path);
}

ExportedFiles export_for(const std::string& runtime, const ExportSource& source,
                         const po::variables_map& values) {
  if (runtime == "kserve") return kserve_service(source, kserve_options(values));
  refuse_options_of_kserve(values, runtime);
  if (runtime == "triton") return triton_repository(source);
  if (runtime == "docker") return docker_files(source, own_server());
  if (runtime == "apptainer") return apptainer_files(source, own_server());
  throw Error(Topic::kCommandLine, "--as {}: there are triton, kserve, docker and apptainer", runtime);
}

void print_files(const std::string& folder, const ExportedFiles& files, bool json) {
  Json paths = Json::array();
  for (const ExportedFile& file : files) paths.push_back(folder + "/" + file.path);
  if (json) return fmt::print("{}", pretty_json({{"files", paths}}));
  for (const Json& path : paths) fmt::print("{}\n", path.get<std::string>());
}

int run_package_export(const Command& self, const Arguments& arguments, const Communicator& comm) {
  const auto values = parse_options(self, arguments, export_options(), {"artifact"}, comm);
  if (!values) return 0;
  const std::string reference = required(self, *values, "artifact");
  const std::string runtime = required(self, *values, "as");
  const std::string folder = required(self, *values, "to");
  const ExportSource source = read_export_source(find_artifact(reference, workspace_of(*values)).path);
  const ExportedFiles files = export_for(runtime, source, *values);
  write_export(folder, files);
  print_files(folder, files, values->count("json") > 0);
  return 0;
}

}  // namespace

Command package_export_action() {
  return {"package export",
          "MODEL[/VERSION|@ALIAS]|FILE --as RUNTIME --to FOLDER [options]",
          "Write what another runtime takes: Triton, KServe, Docker, Apptainer",
          "millrace package export churn@champion --as triton --to models",
          false,
          run_package_export};
}

}  // namespace millrace
