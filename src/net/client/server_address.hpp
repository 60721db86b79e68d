// Where a server of our own listens, as its address file and --address have it.
#pragma once

#include <string>

namespace millrace {

struct ServerAddress {
  std::string url;     // "http://127.0.0.1:8080", before a path
  std::string socket;  // see HttpClientOptions
};

// Of HOST:PORT, http://HOST:PORT, https://HOST:PORT, unix:PATH. Throws kCommandLine for anything else.
ServerAddress parse_server_address(const std::string& text);

}  // namespace millrace
