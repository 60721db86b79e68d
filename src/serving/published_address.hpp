// Where a server is, in a file for scripts, clients and deployments: HOST:PORT, for as long as it accepts.
// Internal to serving/.
#pragma once

#include <string>
#include <vector>

#include "serving/server.hpp"

namespace millrace {

// The file is --address-file: what an earlier server has left there is removed at once, so that a script can
// wait for it. Without that option it is deploy/ENDPOINT/address of each endpoint, where deployments look: it
// is left alone until this server listens, and a workspace that cannot be written is a warning. Of several
// servers of one endpoint the last one has the file.
class PublishedAddress {
 public:
  explicit PublishedAddress(const ServerOptions& options);
  ~PublishedAddress() { withdraw(); }
  PublishedAddress(const PublishedAddress&) = delete;
  PublishedAddress& operator=(const PublishedAddress&) = delete;

  // Throws kResource where --address-file cannot be written.
  void publish(const std::string& address);
  // Removes the files, but those that another server has taken over. Whether there was one to remove.
  bool withdraw();

 private:
  void publish_to(const std::string& path) const;

  bool was_asked_for_;
  std::vector<std::string> paths_;
  std::string address_;  // "": not published
};

}  // namespace millrace
