// A server in its stride allocates nothing for a request. A program of its own: it counts all allocations.
#include <gtest/gtest.h>

#include "counted_allocations.hpp"
#include "device/environment.hpp"
#include "device/scoring_device.hpp"
#include "tiny_service.hpp"

namespace millrace {
namespace {

using testing_support::allocations;
using testing_support::golden_rows;
using testing_support::TinyService;
using testing_support::two_rows;

// Used again and again, as a connection's is.
class ReusedExchange final : public HttpExchange {
 public:
  void send() override { ++sent; }
  int sent = 0;
};

// Allocations for one more request after some.
std::size_t allocations_of(const TinyService& service, const std::string& target, const std::string& body) {
  ReusedExchange exchange;
  exchange.request = {.method = "POST", .target = target, .body = body};
  std::size_t before = 0;
  for (int i = 0; i < 10; ++i) {
    exchange.response.clear();
    before = allocations();
    service.service.answer(exchange);
  }
  const std::size_t after = allocations();
  EXPECT_EQ(exchange.sent, 10);
  EXPECT_EQ(exchange.response.status, 200) << exchange.response.body;
  return after - before;
}

TEST(Allocations, ThereAreNoneForARequest) {
  for (const Task task : {Task::kBinary, Task::kMulticlass, Task::kRegression}) {
    const TinyService service(task);
    EXPECT_EQ(allocations_of(service, "/v2/models/churn/infer", two_rows().dump()), 0U);
    EXPECT_EQ(allocations_of(service, "/v2/models/front/versions/7/infer", two_rows().dump()), 0U);
    EXPECT_EQ(allocations_of(service, "/v2/models/churn/predict", golden_rows()[0].dump()), 0U);
    EXPECT_EQ(allocations_of(service, "/v2/models/churn/predict", Json{{"rows", golden_rows()}}.dump()), 0U);
  }
}

TEST(Allocations, ThereAreNoneForASmallBatchBesideAGpu) {
  testing_support::Environment environment;
  environment.set("MILLRACE_CUDA_MODULE", FAKE_SCORING_MODULE);
  const auto device = find_scoring_device({.device = "cuda"});
  const TinyService service(Task::kBinary, {}, nullptr, device.get());
  EXPECT_EQ(allocations_of(service, "/v2/models/churn/infer", two_rows().dump()), 0U);
  EXPECT_EQ(device->counts().batches, 0U);
}

}  // namespace
}  // namespace millrace
