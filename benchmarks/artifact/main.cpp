// Packs a model of many parameters and reads it back, for benchmarks/run registry.
//   bench_artifact FOLDER WIDTH
// The network has two hidden layers of WIDTH units (about WIDTH² parameters) with weights as training begins
// with. Prints
// {"parameters", "bytes" (of the weights), "packed_bytes", "write_s", "read_s"}.
#include <cstdio>
#include <filesystem>

#include "base/error.hpp"
#include "base/time.hpp"
#include "packaging/artifact.hpp"

namespace millrace {
namespace {

Scorer wide_scorer(std::uint32_t width) {
  FeaturePlan plan;
  for (int i = 0; i < 8; ++i) {
    plan.steps.push_back(
        {"column " + std::to_string(i), ColumnType::kReal,
         NumericTransform{
             .impute = 0, .indicator = false, .clip = {}, .log1p = false, .mean = 0, .deviation = 1}});
  }
  plan.target.column = "target";
  plan.target.task = "binary";
  plan.target.classes = {"No", "Yes"};
  NetworkSpec spec;
  spec.task = parse_task("binary");
  spec.n_numeric = static_cast<std::uint32_t>(plan.n_numeric());
  spec.hidden = {width, width};
  spec.n_outputs = 1;
  Network network(spec, initial_parameters(spec, 1));
  return {std::move(plan), std::move(network)};
}

int pack(const std::string& folder, std::uint32_t width) {
  const std::string path = folder + "/artifact.tar.zst";
  const Artifact artifact{"wide", 1, Json::object(), wide_scorer(width), {}};
  const Stopwatch writing;
  write_artifact(path, artifact);
  const double write_seconds = writing.seconds();
  const Stopwatch reading;
  const Artifact back = read_artifact(path);
  const double read_seconds = reading.seconds();
  const std::size_t parameters = ParameterLayout(artifact.scorer.network().spec()).count();
  const Json figures{{"parameters", parameters},
                     {"bytes", parameters * sizeof(float)},
                     {"packed_bytes", std::filesystem::file_size(path)},
                     {"write_s", write_seconds},
                     {"read_s", read_seconds}};
  std::puts(figures.dump().c_str());
  return back.version == artifact.version ? 0 : 1;
}

}  // namespace
}  // namespace millrace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: bench_artifact FOLDER WIDTH\n");
    return 2;
  }
  try {
    return millrace::pack(argv[1], static_cast<std::uint32_t>(std::stoul(argv[2])));
  } catch (...) {
    std::fprintf(stderr, "bench_artifact: %s\n", millrace::current_error().message().c_str());
    return 1;
  }
}
