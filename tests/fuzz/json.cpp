// JSON files of the workspace: the first line names the kind, the rest is the file. Refused as damaged, or
// read as something that, written out, reads back to the same.
#include "evaluation/gate.hpp"
#include "features/plan.hpp"
#include "fuzz/harness.hpp"
#include "ingestion/dataset.hpp"
#include "ingestion/digest_memory.hpp"
#include "model/network.hpp"
#include "packaging/json_rows.hpp"
#include "storage/endpoint_state.hpp"
#include "support/example_artifact.hpp"
#include "validation/verdict.hpp"

namespace millrace::fuzzing {

namespace {

template <class T>
void read(const std::string& file) {
  const std::string text = canonical_json(parse_document<T>(file, "it"));
  require(canonical_json(parse_document<T>(text, "it")) == text, "written and read again", text);
}

void read_rows(const std::string& file) {
  const Json json = parse_json(file, "it");
  accepts([&] { (void)table_from_json_rows(json, testing_support::example_plan().input_schema()); },
          {ExitCode::kUsage});
}

void read_any(const std::string& file) {
  const Json json = parse_json(file, "it");
  const std::string text = canonical_json(json);
  require(canonical_json(parse_json(text, "it")) == text, "written and read again", text);
  require(parse_json(pretty_json(json), "it") == parse_json(text, "it"), "pretty JSON is another", text);
}

void read_kind(const std::string& kind, const std::string& file) {
  if (kind == "dataset") return read<Dataset>(file);
  if (kind == "verdict") return read<Verdict>(file);
  if (kind == "gate") return read<GateVerdict>(file);
  if (kind == "plan") return read<FeaturePlan>(file);
  if (kind == "network") return read<NetworkSpec>(file);
  if (kind == "endpoint") return read<EndpointState>(file);
  if (kind == "rows") return read_rows(file);
  read_any(file);
}

}  // namespace

void fuzz(const std::string& input) {
  std::string text = input;
  const std::string kind = take_line(text);
  accepts([&] { read_kind(kind, text); }, {ExitCode::kResource});
}

}  // namespace millrace::fuzzing
