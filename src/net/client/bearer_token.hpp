// Who we are, for a server with --tokens (RFC 6750). The token is in a file: arguments can be seen by others.
#pragma once

#include <string>

namespace millrace {

// The file that MILLRACE_TOKEN_FILE names; "" where it is not set.
std::string token_file();

// "Bearer TOKEN", of the file's first line that is neither empty nor begins with '#': the server's own file
// will do. "" without a path. Throws kAccessToken for a file without a token, kResource for one that cannot
// be read.
std::string bearer_authorization(const std::string& path);

}  // namespace millrace
