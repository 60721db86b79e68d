#include "base/file.hpp"
#include "base/log.hpp"
#include "base/publish.hpp"
#include "cli/package/actions.hpp"
#include "pipeline/rebuild.hpp"

namespace millrace {

namespace {

std::string name_of(const RegisteredArtifact& version) {
  return fmt::format("{}/{}", version.model, version.version);
}

bool is_stored(const Workspace& workspace, const RegisteredArtifact& version) {
  return version.artifact && workspace.has_object(*version.artifact);
}

// What was made, beside what the registry knows.
struct Built {
  Digest digest;
  bool rebuilt = false;
};

void report(const RegisteredArtifact& version, const Built& built, const std::string& out, bool json) {
  const bool same = version.artifact == built.digest;
  if (json) {
    fmt::print("{}", pretty_json({{"model", version.model},
                                  {"version", version.version},
                                  {"file", out},
                                  {"sha256", built.digest.hex()},
                                  {"rebuilt", built.rebuilt},
                                  {"same_bytes", same}}));
    return;
  }
  log_info("{} {} '{}'", name_of(version), built.rebuilt ? "built again from its run into" : "copied to",
           out);
  if (same) return log_info("its bytes are those that the registry knows: SHA-256 {}", built.digest.hex());
  log_warning(
      "its bytes are not those that the registry knows: SHA-256 {} instead of {}; sign-offs and "
      "deployments are of the latter (another Millrace, libzstd or signing key gives other bytes)",
      built.digest.hex(), version.artifact ? version.artifact->hex() : "none");
}

int run_package_build(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = artifact_options();
  options.add_options()                                            //
      ("out", po::value<std::string>(), "the file to be written")  //
      ("rebuild", "from the run's results, also where the artifact is in the workspace");
  const auto values = parse_options(self, arguments, options, {"artifact"}, comm);
  if (!values) return 0;
  const std::string out = required_text(self, *values, "out");
  const Workspace workspace = comm.agree([&] { return Workspace(workspace_of(*values)); });
  const RegisteredArtifact version = comm.agree(
      [&] { return find_registered_artifact(required_text(self, *values, "artifact"), workspace.root()); });
  const bool rebuild = comm.any(values->count("rebuild") > 0 || !is_stored(workspace, version));
  PendingFile file(comm.is_root() ? out : out + ".rank-" + std::to_string(comm.rank()));
  if (rebuild) rebuild_artifact(comm, workspace, version.run, file.temporary_path());
  comm.agree([&] {
    if (!comm.is_root()) return;
    if (!rebuild) file.write(workspace.get_object(*version.artifact));
    const Built built{digest_of_file(file.temporary_path()), rebuild};
    file.commit();
    report(version, built, out, values->count("json") > 0);
  });
  return 0;
}

}  // namespace

Command package_build_action() {
  return {"package build",
          "MODEL/VERSION --out FILE [--rebuild] [options]",
          "Write a version's artifact into a file: from the workspace, or again from its run",
          "millrace package build churn/7 --out churn-7.tar.zst",
          true,
          run_package_build};
}

}  // namespace millrace
