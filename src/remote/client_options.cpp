#include "remote/client_options.hpp"

#include "base/topics.hpp"

namespace millrace::remote {

HttpClientOptions client_options(const TransferConfig& transfer) {
  return {.attempts = transfer.attempts,
          .retry_seconds = transfer.retry_seconds,
          .connect_seconds = transfer.connect_seconds,
          .stall_seconds = transfer.stall_seconds,
          .answer_seconds = 0,
          .proxies = true,
          .unreachable = Topic::kUnreachableSource};
}

}  // namespace millrace::remote
