// What `request` and `load` share: which server, which rows.
#pragma once

#include <string>
#include <vector>

#include "cli/options.hpp"
#include "load/bodies.hpp"

namespace millrace {

// --address, --workspace and --endpoint, --protocol, --rows-file, --batch, --missing, --timeout; --model is
// the first argument.
po::options_description served_rows_options();

// --address; else what a server job of --endpoint has published in the workspace; else 127.0.0.1:8080. Throws
// kUnreachableServer where no server has published one.
std::string server_address(const po::variables_map& values);
// --model, else --endpoint: a server answers to both names. Throws kCommandLine without either.
std::string model_name(const Command& self, const po::variables_map& values);

struct ServedRows {
  std::vector<Json> rows;
  std::vector<load::ModelInput> inputs;  // of the model, where they were needed
  bool from_csv = false;
};
// `row` as JSON, else --rows-file (JSON, or CSV where its name says so), else standard input (JSON). The
// model's inputs are asked for where CSV or the protocol needs them. Throws kCommandLine for what is no JSON
// object or list of them, what read_csv_table throws, what load::fetch_inputs throws.
ServedRows read_served_rows(const po::variables_map& values, const std::string& row,
                            const std::string& address, const std::string& model);

}  // namespace millrace
