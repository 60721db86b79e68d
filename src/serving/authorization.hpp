// Who may do what: bearer tokens (RFC 6750), of which the server keeps digests alone. Internal to serving/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "net/http.hpp"
#include "serving/routes.hpp"

namespace millrace {

// The digests of a file's tokens: one a line, 16 characters or more; empty lines and those that begin with
// '#' do not count. Throws kUsage naming file and line, kResource for a file that cannot be read.
std::vector<Digest> read_tokens(const std::string& path);

class Authorization {
 public:
  // Without `users` anybody may use the server, without `admins` nobody may change what is served. Admins may
  // use it, too.
  Authorization(std::vector<Digest> users, std::vector<Digest> admins);

  // The refusal (401 with WWW-Authenticate, 403); nothing where the request may go on.
  [[nodiscard]] std::optional<HttpResponse> refuse(const HttpRequest& request, Access access) const;

 private:
  std::vector<Digest> users_;
  std::vector<Digest> admins_;
};

}  // namespace millrace
