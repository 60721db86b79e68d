// Signatures by the ssh keys that people have: made and checked by OpenSSH's ssh-keygen, in its format
// (PROTOCOL.sshsig) and the namespace "millrace", so that anybody can check them with that program alone:
//   ssh-keygen -Y verify -f allowed_signers -I PERSON -n millrace -s statement.sig < statement
#pragma once

#include <string>

namespace millrace {

inline constexpr const char* kSignatureNamespace = "millrace";

// By the private key in a file, or the agent's key of a public one. A key with a passphrase must be in the
// agent. Throws kUsage with ssh-keygen's words, kResource where there is no ssh-keygen.
std::string sign(const std::string& statement, const std::string& key_file);

// Who signed: the first of `allowed_signers` (lines of an allowed_signers file) whose key it is, valid at
// `time` (RFC 3339) and for the namespace. Throws kUsage where the signature is not that of the statement, or
// nobody's.
std::string verify_signature(const std::string& statement, const std::string& signature,
                             const std::string& allowed_signers, const std::string& time);

}  // namespace millrace
