// The options of a server's command line, the same for `millrace serve` and millrace-serve. Internal to the
// two.
#pragma once

#include <boost/program_options/options_description.hpp>

#include "serving/server.hpp"

namespace millrace {

// All but --workspace and --endpoint. `server` must outlive the parsing; its values are the defaults.
void add_server_options(boost::program_options::options_description& options, ServerOptions& server);

}  // namespace millrace
