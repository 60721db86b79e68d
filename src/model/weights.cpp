#include "model/weights.hpp"

#include "storage/hdf5.hpp"

namespace millrace {

void write_weights(const std::string& path, const Network& network) {
  auto file = hdf5::File::create(path);
  file.set_attribute("format", "millrace-weights-1");
  file.set_attribute("network", canonical_json(network.spec()));
  file.write("parameters", network.parameters());
  file.close();
}

Network read_weights(const std::string& path) {
  return with_context("weights '" + path + "'", [&] {
    const auto file = hdf5::File::open(path);
    if (file.attribute("format") != "millrace-weights-1") throw resource_error("unknown format");
    auto spec = parse_json(file.attribute("network"), "the network's description").get<NetworkSpec>();
    return Network(std::move(spec), file.read<float>("parameters"));
  });
}

}  // namespace millrace
