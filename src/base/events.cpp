#include "base/events.hpp"

#include <cerrno>
#include <memory>

#include <fcntl.h>

#include "base/file.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace millrace {

void Events::emit(const std::string& name, Json fields) {
  if (listeners_.empty()) return;
  fields["time"] = now_rfc3339();
  fields["event"] = name;
  for (const EventListener& listener : listeners_) listener(fields);
}

std::vector<Json> read_events(const std::string& path) {
  std::vector<Json> events;
  if (!path_exists(path)) return events;
  for (const std::string& line : split(read_file(path), '\n')) {
    Json event = Json::parse(line, nullptr, false);
    if (event.is_object()) events.push_back(std::move(event));
  }
  return events;
}

EventListener event_file(const std::string& path) {
  auto fd =
      std::make_shared<UniqueFd>(file_operations().open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644));
  if (!fd->valid()) throw errno_error("open", path, errno);
  return [fd, path](const Json& event) {
    if (!fd->valid()) return;
    const std::string line = event.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    try {
      write_all(fd->get(), line, path);
    } catch (const Error& error) {
      *fd = UniqueFd();
      log_loss(error);
    }
  };
}

}  // namespace millrace
