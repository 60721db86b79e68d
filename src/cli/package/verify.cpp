#include "base/file.hpp"
#include "base/topics.hpp"
#include "cli/package/actions.hpp"
#include "packaging/signature.hpp"

namespace millrace {

namespace {

// The file must be the one that the registry knows, not only a sound one.
void check_registered(const std::string& path, const Artifact& artifact, const RegisteredArtifact& expected) {
  const Digest found = digest_of_file(path);
  if (found == expected.artifact && artifact.model == expected.model && artifact.version == expected.version)
    return;
  throw Error(Topic::kDamagedArtifact,
              "it is not the artifact of {}/{}: it says that it is {}/{}, and its SHA-256 is {}, where the "
              "registry has {}",
              expected.model, expected.version, artifact.model, artifact.version, found.hex(),
              expected.artifact ? expected.artifact->hex() : "none");
}

// Parts that say where they come from are those that the lineage names.
void check_lineage(const ArtifactContents& contents) {
  const Json& lineage = contents.manifest.at("lineage");
  for (const auto& [part, key] :
       {std::pair{"weights.h5", "weights"}, std::pair{"evaluation.json", "evaluation"}}) {
    const std::string* bytes = contents.find(part);
    if (bytes == nullptr || !lineage.contains(key) || digest_of(*bytes).hex() == lineage.at(key)) continue;
    throw Error(Topic::kDamagedArtifact, "part '{}' is not the one that its lineage names: {}", part,
                lineage.at(key).dump());
  }
}

std::string check_signer(const ArtifactContents& contents, const po::variables_map& values) {
  if (values.count("signers") > 0)
    return "signed by " + check_signature(contents, read_file(values["signers"].as<std::string>()));
  const std::string key = signature_key(contents);
  return key.empty() ? "not signed" : "signed by the key " + key + " (--signers FILE says whose it is)";
}

std::string verify(const ArtifactReference& reference, const po::variables_map& values) {
  const ArtifactContents contents = read_contents(reference.path);
  return with_context("artifact '" + reference.path + "'", [&] {
    const Artifact artifact = artifact_of(contents);
    if (reference.registered) check_registered(reference.path, artifact, *reference.registered);
    check_lineage(contents);
    check_golden_rows(artifact);
    return fmt::format("{}/{}: {} parts as the manifest has them, {} golden rows give their predictions, {}",
                       artifact.model, artifact.version, contents.parts.size(), artifact.golden.rows.size(),
                       check_signer(contents, values));
  });
}

int run_package_verify(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = artifact_options();
  options.add_options()                                                                               //
      ("signers", po::value<std::string>(), "an allowed_signers file: one of them must have signed")  //
      ("as", po::value<std::string>(), "MODEL/VERSION: the file must be what the registry knows as that");
  const auto values = parse_options(self, arguments, options, {"artifact"}, comm);
  if (!values) return 0;
  ArtifactReference reference = artifact_argument(self, *values);
  if (values->count("as") > 0) {
    reference.registered = find_registered_artifact((*values)["as"].as<std::string>(), workspace_of(*values));
  }
  const std::string found = verify(reference, *values);
  values->count("json") > 0 ? fmt::print("{}", pretty_json({{"verified", found}}))
                            : fmt::print("{}\n", found);
  return 0;
}

}  // namespace

Command package_verify_action() {
  return {"package verify",
          "FILE|MODEL/VERSION [--signers FILE] [--as MODEL/VERSION] [options]",
          "Check an artifact: its parts, golden rows, signature, and whether it is the registered one",
          "millrace package verify churn-7.tar.zst --signers allowed_signers --as churn/7",
          false,
          run_package_verify};
}

}  // namespace millrace
