#include "versions/verify.hpp"

#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/data/actions.hpp"
#include "versions/reference.hpp"

namespace millrace {

namespace {

void print(const NamedVersion& named, const Verification& result, bool json) {
  Json damaged = Json::array();
  for (const DamagedObject& object : result.damaged) {
    damaged.push_back({{"path", object.path}, {"part", object.part}, {"reason", object.reason}});
    if (!json) fmt::print("{}: {} ({})\n", object.path, object.reason, object.part);
  }
  if (json) {
    fmt::print("{}", pretty_json({{"dataset", named.dataset},
                                  {"version", named.version.hex()},
                                  {"objects", result.objects},
                                  {"bytes", result.bytes},
                                  {"damaged", damaged}}));
  } else if (damaged.empty()) {
    fmt::print("{} version {}: {} objects, {}: all sound\n", named.dataset, named.version.brief(),
               human_count(result.objects), human_bytes(static_cast<double>(result.bytes)));
  }
}

int run_data_verify(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()("version", po::value<std::string>(), "NAME[@BRANCH|@TAG|@DIGEST][~N]");
  const auto values = parse_options(self, arguments, options, {"version"}, comm);
  if (!values) return 0;
  const auto workspace = comm.agree([&] { return Workspace(workspace_of(*values)); });
  const NamedVersion named =
      comm.agree([&] { return find_version(workspace, required_value(self, *values, "version")); });
  const Verification result = verify_version(comm, workspace, named.version);
  if (comm.is_root()) print(named, result, values->count("json") > 0);
  if (result.damaged.empty()) return 0;
  const DamagedObject& first = result.damaged.front();
  throw Error(
      Topic::kDamagedObject,
      "{} of the {} objects of {} version {} are damaged or missing, the first: '{}' ({}): {}; delete "
      "what is damaged and run again",
      result.damaged.size(), result.objects, named.dataset, named.version.brief(), first.path, first.part,
      first.reason);
}

}  // namespace

Command data_verify_action() {
  return {"data verify",
          "VERSION [options]",
          "Read every object of a version and compare it with its digest",
          "mpirun -n 4 millrace data verify quickstart@release",
          true,
          run_data_verify};
}

}  // namespace millrace
