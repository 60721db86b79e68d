#include <cstdio>

#include <fcntl.h>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/data/actions.hpp"
#include "cli/standard_output.hpp"
#include "versions/export_csv.hpp"
#include "versions/reference.hpp"
#include "versions/stored.hpp"
#include "versions/view.hpp"

namespace millrace {

namespace {

char one_character(const po::variables_map& values, const char* option) {
  const auto text = values[option].as<std::string>();
  if (text.size() == 1 && text != "\n" && text != "\r") return text[0];
  throw Error(Topic::kCommandLine, "--{} must be one ASCII character, not {}", option,
              millrace::quoted(text));
}

CsvStyle style_of(const po::variables_map& values) {
  CsvStyle style{one_character(values, "delimiter"), '"', values["missing"].as<std::string>()};
  if (style.delimiter == style.quote) throw Error(Topic::kCommandLine, "--delimiter is the quote itself");
  return style;
}

void export_to_file(const Workspace& workspace, const Dataset& dataset, const CsvStyle& style,
                    const std::string& path) {
  PendingFile file(path);
  {
    const UniqueFd fd(
        file_operations().open(file.temporary_path().c_str(), O_WRONLY | O_CREAT | O_EXCL, 0644));
    if (!fd.valid()) throw errno_error("create", file.temporary_path(), errno);
    export_csv(workspace, dataset, style,
               [&](std::string_view bytes) { write_all(fd.get(), bytes, file.temporary_path()); });
  }
  file.commit();
}

void export_as_csv(const Workspace& workspace, const NamedVersion& named, const po::variables_map& values) {
  const Dataset dataset = read_dataset(workspace, named.version);
  if (values.count("out") > 0)
    return export_to_file(workspace, dataset, style_of(values), values["out"].as<std::string>());
  export_csv(workspace, dataset, style_of(values), write_to_standard_output);
  flush_standard_output();
}

void export_as(const std::string& format, const Command& self, const Workspace& workspace,
               const NamedVersion& named, const po::variables_map& values) {
  if (format == "csv") return export_as_csv(workspace, named, values);
  if (format == "hdf5") return export_folder(workspace, named, required_value(self, values, "out"));
  throw Error(Topic::kUnknownName, "'{}' is no format{}; there are csv, hdf5", format,
              suggestion(format, {"csv", "hdf5"}));
}

int run_data_export(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                                                                   //
      ("version", po::value<std::string>(), "NAME[@BRANCH|@TAG|@DIGEST][~N]")                             //
      ("out", po::value<std::string>(), "a file, with --format hdf5 a folder; default: standard output")  //
      ("format", po::value<std::string>()->default_value("csv"), "csv, or hdf5: the shards and a view")   //
      ("delimiter", po::value<std::string>()->default_value(","), "of a CSV file")                        //
      ("missing", po::value<std::string>()->default_value(""),
       "what stands for a missing value in a CSV file");
  const auto values = parse_options(self, arguments, options, {"version"}, comm);
  if (!values) return 0;
  const Workspace workspace(workspace_of(*values));
  const NamedVersion named = find_version(workspace, required_value(self, *values, "version"));
  export_as((*values)["format"].as<std::string>(), self, workspace, named, *values);
  if (values->count("json") > 0 && values->count("out") > 0) {
    fmt::print("{}", pretty_json({{"dataset", named.dataset},
                                  {"version", named.version.hex()},
                                  {"out", (*values)["out"].as<std::string>()}}));
  }
  return 0;
}

}  // namespace

Command data_export_action() {
  return {"data export",
          "VERSION [--out FILE] [options]",
          "Write the rows of a version as CSV, or its shards",
          "millrace data export quickstart@release --out release.csv",
          false,
          run_data_export};
}

}  // namespace millrace
