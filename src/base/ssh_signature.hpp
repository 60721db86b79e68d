// Signatures by the ssh keys that people have: made and checked by OpenSSH's ssh-keygen, in its format
// (PROTOCOL.sshsig), so that anybody can check them with that program alone:
//   ssh-keygen -Y verify -f allowed_signers -I PERSON -n NAMESPACE -s text.sig < text
// Ed25519 and RSA keys give equal signatures for equal texts.
#pragma once

#include <string>

#include "base/topics.hpp"

namespace millrace {

// What a signature is for. Its namespace is part of what is signed: one made for another purpose is refused.
struct SignaturePurpose {
  const char* name_space;
  const char* subject;  // in messages: "the sign-off"
  Topic refused;        // of errors about the signature
};

// By the private key in a file, or the agent's key of a public one. A key with a passphrase must be in the
// agent. Throws the purpose's topic with ssh-keygen's words, kResource where there is no key or no
// ssh-keygen.
std::string sign(const std::string& text, const std::string& key_file, const SignaturePurpose& purpose);

// Who signed: the first of `allowed_signers` (lines of an allowed_signers file) whose key it is, valid at
// `time` (RFC 3339) and for the namespace. Throws the purpose's topic where the signature is not that of the
// text, or nobody's.
std::string verify_signature(const std::string& text, const std::string& signature,
                             const std::string& allowed_signers, const std::string& time,
                             const SignaturePurpose& purpose);

// The fingerprint ("SHA256:…") of the key whose signature of the text it is, whoever that is. Throws as
// verify_signature().
std::string signing_key(const std::string& text, const std::string& signature,
                        const SignaturePurpose& purpose);

// The public key (a line "ssh-ed25519 AAAA… comment") of what sign() takes: the file itself, or the one
// beside it whose name ends in ".pub". Throws kResource where there is none.
std::string public_key(const std::string& key_file);

}  // namespace millrace
