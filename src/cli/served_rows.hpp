// What `request` and `load` share: which server, which rows.
#pragma once

#include <string>
#include <vector>

#include "cli/asked_server.hpp"
#include "load/bodies.hpp"

namespace millrace {

// Those of AskedServer but for trust, --workspace, --protocol, --rows-file, --missing; --model is the first
// argument.
po::options_description served_rows_options();

// --model, else --endpoint: a server answers to both names. Throws kCommandLine without either.
std::string model_name(const Command& self, const po::variables_map& values);

struct ServedRows {
  std::vector<Json> rows;
  std::vector<load::ModelInput> inputs;  // of the model, where they were needed
  bool from_csv = false;
};
// `row` as JSON, else --rows-file (JSON, or CSV where its name says so), else standard input (JSON). The
// model's inputs are asked for where CSV or the protocol needs them. Throws kCommandLine for what is no JSON
// object or list of them, kRefusedRequest for a model that is not served, what read_csv_table and the server
// throw.
ServedRows read_served_rows(const po::variables_map& values, const std::string& row, AskedServer& server,
                            const std::string& model);

}  // namespace millrace
