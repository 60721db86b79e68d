// Who made an artifact: the signature of its manifest by an ssh key, as the part manifest.sig.
//   ssh-keygen -Y verify -f allowed_signers -I PERSON -n millrace-artifact -s manifest.sig < manifest.json
#pragma once

#include <string>

#include "base/ssh_signature.hpp"
#include "packaging/artifact.hpp"

namespace millrace {

inline constexpr SignaturePurpose kArtifactPurpose{"millrace-artifact", "the artifact's signature",
                                                   Topic::kArtifactSignature};

// The person among `allowed_signers` (the text of such a file) who signed, with a key that is valid now.
// Throws kArtifactSignature where there is no signature, or it is not that of the manifest or nobody's.
std::string check_signature(const ArtifactContents& contents, const std::string& allowed_signers);

// The fingerprint of the key that signed, whoever's it is; "" where there is no signature. Throws
// kArtifactSignature where it is not that of the manifest.
std::string signature_key(const ArtifactContents& contents);

}  // namespace millrace
