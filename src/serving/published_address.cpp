#include "serving/published_address.hpp"

#include <chrono>

#include <boost/asio/ip/tcp.hpp>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/log.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "net/url.hpp"
#include "storage/endpoint_state.hpp"

namespace millrace {

namespace {

constexpr std::chrono::seconds kAnswerTime(1);

std::vector<std::string> paths_of(const ServerOptions& options) {
  if (!options.address_file.empty()) return {options.address_file};
  std::vector<std::string> paths;
  for (const std::string& endpoint : options.endpoints)
    paths.push_back(endpoint_folder(options.workspace, endpoint) + "/address");
  return paths;
}

// "" where there is none, or none that can be read.
std::string address_in(const std::string& path) {
  try {
    return path_exists(path) ? std::string(trim(read_file(path))) : "";
  } catch (const Error&) {
    return "";
  }
}

// Whether something accepts connections there: what it speaks, and to whom, is not asked.
bool is_served(const std::string& address) {
  try {
    const Url url = parse_url(address.find("://") == std::string::npos ? "http://" + address : address);
    boost::asio::ip::tcp::iostream server;
    server.expires_after(kAnswerTime);
    server.connect(url.host, url.port);
    return static_cast<bool>(server);
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

PublishedAddress::PublishedAddress(const ServerOptions& options)
    : was_asked_for_(!options.address_file.empty()), paths_(paths_of(options)) {
  for (const std::string& path : paths_) {
    const std::string other = address_in(path);
    if (!other.empty() && is_served(other)) {
      log_warning(
          "a server at {} answers already; from now on '{}' has this one's address: deployments watch this "
          "one, "
          "and the other goes on unwatched",
          other, path);
    }
    if (was_asked_for_) ::unlink(path.c_str());
  }
}

void PublishedAddress::publish(const std::string& address) {
  address_ = address;
  for (const std::string& path : paths_) publish_to(path);
}

void PublishedAddress::publish_to(const std::string& path) const {
  try {
    publish_file(path, address_ + "\n");
  } catch (const Error& error) {
    if (was_asked_for_) throw;
    log_warning("deployments and 'request --endpoint' do not find this server: {}", error.message());
  }
}

bool PublishedAddress::withdraw() {
  bool removed = false;
  for (const std::string& path : paths_)
    if (!address_.empty() && address_in(path) == address_) removed |= ::unlink(path.c_str()) == 0;
  address_.clear();
  return removed;
}

}  // namespace millrace
