#include "model/weights.hpp"

#include "base/topics.hpp"
#include "storage/hdf5.hpp"

namespace millrace {

namespace {

Network read(const hdf5::File& file) {
  if (file.attribute("format") != "millrace-weights-1") throw Error(Topic::kNewerFormat, "unknown format");
  auto spec = parse_document<NetworkSpec>(file.attribute("network"), "the network's description");
  return Network(std::move(spec), file.read<float>("parameters"));
}

}  // namespace

void write_weights(const std::string& path, const Network& network) {
  auto file = hdf5::File::create(path);
  file.set_attribute("format", "millrace-weights-1");
  file.set_attribute("network", canonical_json(network.spec()));
  file.write("parameters", network.parameters());
  file.close();
}

Network read_weights(const std::string& path) {
  return with_context("weights '" + path + "'", [&] { return read(hdf5::File::open(path)); });
}

Network read_weights_bytes(std::string_view bytes, const std::string& name) {
  return with_context("weights '" + name + "'", [&] { return read(hdf5::File::open_bytes(bytes, name)); });
}

}  // namespace millrace
