#include <memory>
#include <mutex>
#include <vector>

#include "base/error.hpp"
#include "base/log.hpp"
#include "net/session.hpp"

namespace millrace {

HttpResponse Sessions::answer(const HttpRequest& request) const noexcept {
  try {
    return handler_(request);
  } catch (...) {
    const Error error = current_error();
    if (error.code() == ExitCode::kUsage) return error_response(400, error.message());
    log_error("{} {}: {}", request.method, request.target, error.message());
    return error_response(500, error.message());
  }
}

void Sessions::add(HttpSession* session) {
  const std::lock_guard lock(mutex_);
  sessions_.insert(session);
}

void Sessions::remove(HttpSession* session) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(session);
}

void Sessions::drain() {
  std::vector<std::shared_ptr<HttpSession>>
      alive;  // released without the lock: the last owner calls remove()
  {
    const std::lock_guard lock(mutex_);
    draining_.store(true, std::memory_order_relaxed);
    for (HttpSession* session : sessions_) alive.push_back(session->weak_from_this().lock());
  }
  for (const auto& session : alive) {
    if (session) session->drain();
  }
}

}  // namespace millrace
