// Answers requests to models: reads them, picks the version that answers, scores, writes. In the caller's
// thread, but for what waits in a queue: batches, where they are asked for, and all that a candidate does, so
// that a slow one holds up nobody else. What a candidate fails at, the current version answers. Internal to
// serving/.
#pragma once

#include <exception>
#include <optional>
#include <string_view>

#include "serving/calls/call.hpp"
#include "serving/calls/request_ids.hpp"
#include "serving/calls/request_log.hpp"
#include "serving/calls/work_queue.hpp"

namespace millrace {

struct ScoringOptions {
  std::size_t max_rows = 65536;  // in one request
  std::size_t threads = 1;       // of each queue
  std::size_t max_batch = 1;     // rows that are scored together; 1: each request by itself, at once
  double max_delay = 0.0005;     // seconds that a batch waits for more
  std::size_t max_queue = 1024;  // requests that wait
  double deadline = 0;           // seconds after which a request that waits is given up; 0: none
  bool notes = false;            // for the access log
};

class Scoring {
 public:
  // `log`: nullptr for none; must outlive this.
  Scoring(const ScoringOptions& options, RequestLog* log);

  // Answers now or later. `version`: "" for whichever answers; else one that is loaded. Throws kUsage where
  // the request is wrong, and then has not sent.
  void answer(HttpExchange& exchange, Protocol protocol, const std::shared_ptr<const Served>& served,
              std::string_view name, std::string_view version);

 private:
  void read(Call& call);
  template <class Document>
  void take(Call& call, const Document& document);
  void identify(Call& call, std::optional<std::string_view> id, std::string_view route_key);
  void dispatch(CallLease call);
  void queue_or_refuse(CallLease call);
  void queue_candidate(CallLease call);
  void run(WorkQueue::Batch batch);
  void run_alone(CallLease call);
  void score(Call& call);
  void finish(CallLease call);
  void follow_up(CallLease call);

  ScoringOptions options_;
  RequestLog* log_;
  RequestIds ids_;
  CallPool pool_;  // outlives the queues
  std::optional<WorkQueue> batches_;
  WorkQueue candidates_;
  WorkQueue shadows_;  // one thread: where it cannot keep up, requests are left out and counted
};

}  // namespace millrace
