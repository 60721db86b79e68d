#include "packaging/signature.hpp"

#include "base/time.hpp"
#include "packaging/manifest.hpp"

namespace millrace {

std::string check_signature(const ArtifactContents& contents, const std::string& allowed_signers) {
  const std::string* signature = contents.find(kSignatureName);
  if (signature == nullptr) {
    throw Error(Topic::kArtifactSignature,
                "the artifact's signature is refused: it is not signed, where a signature is asked for");
  }
  return verify_signature(*contents.find(kManifestName), *signature, allowed_signers, now_rfc3339(),
                          kArtifactPurpose);
}

std::string signature_key(const ArtifactContents& contents) {
  const std::string* signature = contents.find(kSignatureName);
  return signature == nullptr ? "" : signing_key(*contents.find(kManifestName), *signature, kArtifactPurpose);
}

}  // namespace millrace
