// What the connections of a server share: options, handler, limits, and who they are. Internal to net/.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <unordered_set>

#include "net/access_log.hpp"
#include "net/http.hpp"
#include "net/token_buckets.hpp"

namespace millrace {

class HttpSession;

// Thread-safe; outlives its sessions.
class Sessions {
 public:
  // So many connections beyond the limit are told that there are too many; further ones are closed without a
  // word.
  static constexpr std::uint32_t kTurnedAway = 64;
  enum class Room { kFree, kFull, kOverrun };

  // Throws kUsage for options that make no sense.
  Sessions(HttpServerOptions options, HttpHandler handler);

  [[nodiscard]] const HttpServerOptions& options() const { return options_; }
  // Has it answered, if only by what the handler's exception becomes.
  void answer(HttpExchange& exchange) const noexcept;

  [[nodiscard]] AccessLog* access_log() { return access_log_ ? &*access_log_ : nullptr; }

  void add(HttpSession* session);
  void remove(HttpSession* session);
  [[nodiscard]] Room room();  // for one more

  // A request with a body begins; false: there are as many as may be. Each true wants an end_request().
  [[nodiscard]] bool begin_request();
  void end_request();
  // Where there is a rate: counts a request of `client` and gives 0, or the seconds until it may ask again.
  [[nodiscard]] double delay_of(const TokenBuckets::Address& client);
  void count(Refusal reason);

  // From now on each session ends with the request it has begun.
  void begin_drain() { draining_.store(true, std::memory_order_relaxed); }
  // Those that are idle then. To be called where they are made.
  void end_idle();
  [[nodiscard]] bool draining() const { return draining_.load(std::memory_order_relaxed); }

 private:
  const HttpServerOptions options_;
  const HttpHandler handler_;
  std::optional<AccessLog> access_log_;
  std::atomic<bool> draining_ = false;
  std::mutex mutex_;  // of the two below
  std::unordered_set<HttpSession*> sessions_;
  TokenBuckets buckets_;
};

}  // namespace millrace
