// A network on disk: one HDF5 file with the specification and the flat parameter buffer. Byte-identical for
// equal content, so its digest names the weights. Layout: docs/formats.md, "Weights".
#pragma once

#include <string>
#include <string_view>

#include "model/network.hpp"

namespace millrace {

void write_weights(const std::string& path, const Network& network);  // throws kResource
// Throws kResource for a damaged file, naming it.
Network read_weights(const std::string& path);

// The same from the bytes of such a file, as archives hold them; `name` is what errors call them.
Network read_weights_bytes(std::string_view bytes, const std::string& name);

}  // namespace millrace
