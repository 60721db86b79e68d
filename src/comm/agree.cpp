#include "base/topics.hpp"
#include "comm/communicator.hpp"

namespace millrace {

void Communicator::agree_on(const std::optional<Error>& failure) const {
  const std::int32_t mine = failure ? rank_ : size_;
  const std::int32_t first = all_reduce(mine, Reduce::kMin);
  if (first == size_) return;
  const auto failing = all_reduce(static_cast<std::int32_t>(failure ? 1 : 0), Reduce::kSum);
  std::string topic{failure ? entry_of(failure->topic()).id : ""};
  std::string message = failure ? failure->message() : "";
  broadcast(topic, first);
  broadcast(message, first);
  if (failing < size_) message = fmt::format("{} (rank {} of {})", message, first, size_);
  throw Error(find_topic(topic).value_or(Topic::kInternal), "{}", message);
}

}  // namespace millrace
