#include "serving/calls/scoring.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "serving/calls/batch.hpp"
#include "serving/calls/outcome.hpp"
#include "serving/calls/shadow.hpp"
#include "serving/protocol/json_document.hpp"
#include "serving/protocol/occlusion.hpp"
#include "serving/protocol/rows.hpp"

namespace millrace {

namespace {

std::chrono::microseconds microseconds(double seconds) {
  return std::chrono::microseconds(static_cast<std::int64_t>(seconds * 1e6));
}

constexpr std::size_t kMostShadows = 256;  // that wait

// False, and the call is as it was, where the queue is full.
bool queue(WorkQueue& queue, CallLease& call) {
  Counter& pending = call->arm->metrics->pending;
  add(pending);
  if (queue.add(call)) return true;
  pending.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

bool is_candidate(const Call& call) {
  return call.arm->kind == ArmKind::kCandidate && !call.asked_version;
}

void read_into(Call& call, const InferDocument& document, std::size_t max_rows) {
  const ServedModel& model = *call.arm->model;
  read_outputs(document, model, call.outputs);
  read_inputs(document, model, max_rows, **call.memory);
}

void read_into(Call& call, const RowsDocument& document, std::size_t max_rows) {
  read_rows(document, *call.arm->model, max_rows, **call.memory);
  call.reasons = document.reasons;
  const std::size_t columns = call.arm->model->inputs().size();
  if (call.reasons > 0 && call.rows() * columns > max_rows) {
    throw usage_error("reasons for {} rows of {} columns take {} predictions; one request may have {}",
                      call.rows(), columns, call.rows() * columns, max_rows);
  }
}

template <class Document>
void fill(Call& call, const Document& document, std::size_t max_rows) {
  call.memory.emplace(call.arm->model->lend_memory());
  read_into(call, document, max_rows);
}

void set_deadline(Call& call, std::uint64_t timeout_us, double default_seconds) {
  const auto timeout = timeout_us > 0
                           ? std::chrono::microseconds(std::min<std::uint64_t>(timeout_us, 3600000000))
                           : microseconds(default_seconds);
  if (timeout.count() > 0) call.deadline = Call::Clock::now() + timeout;
}

}  // namespace

Scoring::Scoring(const ScoringOptions& options, RequestLog* log)
    : options_(options),
      log_(log),
      candidates_({.threads = options.threads, .capacity = options.max_queue, .max_rows = options.max_batch},
                  [this](WorkQueue::Batch batch) { run(std::move(batch)); }),
      shadows_({.threads = 1, .capacity = kMostShadows, .drop_at_end = true},
               [](const WorkQueue::Batch& batch) {
                 for (const CallLease& call : batch) score_beside(*call);
               }) {
  if (options.max_batch <= 1) return;
  batches_.emplace(WorkQueueOptions{options.threads, options.max_queue, options.max_batch,
                                    microseconds(options.max_delay)},
                   [this](WorkQueue::Batch batch) { run(std::move(batch)); });
}

void Scoring::answer(HttpExchange& exchange, Protocol protocol, const std::shared_ptr<const Served>& served,
                     std::string_view name, std::string_view version) {
  CallLease call = pool_.lend();
  call->exchange = &exchange;
  call->protocol = protocol;
  call->served = served;
  call->name = name;
  call->asked_version = !version.empty();
  if (call->asked_version) call->arm = served->find_version(version);
  try {
    read(*call);
  } catch (...) {
    const Arm& arm = call->arm != nullptr ? *call->arm : served->current();
    arm.metrics->failed(failure_of(std::current_exception()));
    release_large_document();
    throw;
  }
  call->clock.lap(LapClock::kInput);
  dispatch(std::move(call));
}

// Again, for another arm, where the call has one already.
void Scoring::read(Call& call) {
  if (call.protocol == Protocol::kInfer) {
    take(call, parse_infer(call.exchange->request));
  } else {
    take(call, parse_rows(call.exchange->request));
  }
  release_large_document();
}

// A request that the candidate refuses and the current version takes is the candidate's failure, not the
// client's.
template <class Document>
void Scoring::take(Call& call, const Document& document) {
  if (call.arm == nullptr) {
    identify(call, document.id, document.route_key);
    call.arm = &call.served->arm_of(call.bucket);
  }
  if constexpr (requires { document.timeout_us; })
    set_deadline(call, document.timeout_us, options_.deadline);
  else
    set_deadline(call, 0, options_.deadline);
  if (!is_candidate(call)) return fill(call, document, options_.max_rows);
  try {
    fill(call, document, options_.max_rows);
  } catch (...) {
    const Arm& candidate = *call.arm;
    call.arm = &call.served->current();
    fill(call, document, options_.max_rows);
    candidate.metrics->failed(Failure::kRefused);
  }
}

// The client's id and key; one of ours where the request has none and something depends on it.
void Scoring::identify(Call& call, std::optional<std::string_view> id, std::string_view route_key) {
  const HttpRequest& request = call.exchange->request;
  call.repeats_id = id.has_value();
  call.id = id.value_or(request.header("X-Request-Id"));
  const bool matters = call.served->is_split() || log_ != nullptr;
  if (matters && call.id.empty()) ids_.next(call.id);
  const std::string_view header = matters ? request.header("X-Route-Key") : std::string_view();
  call.route_key = !header.empty() ? header : !route_key.empty() ? route_key : call.id;
  if (matters) call.bucket = route_bucket(call.route_key);
}

void Scoring::dispatch(CallLease call) {
  if (is_candidate(*call)) return queue_candidate(std::move(call));
  if (batches_ && call->reasons == 0) return queue_or_refuse(std::move(call));
  run_alone(std::move(call));
}

// Where there is no room the current version answers.
void Scoring::queue_candidate(CallLease call) {
  if (queue(candidates_, call)) return;
  call->arm->metrics->failed(Failure::kRejected);
  call->arm = &call->served->current();
  try {
    read(*call);
  } catch (...) {
    return send_failure(*call, std::current_exception());
  }
  dispatch(std::move(call));
}

void Scoring::queue_or_refuse(CallLease call) {
  if (!queue(*batches_, call))
    send_unanswered(*call, Failure::kRejected, "too many requests wait; try again later");
}

void Scoring::run(WorkQueue::Batch batch) {
  for (CallLease& call : batch) {
    call->arm->metrics->pending.fetch_sub(1, std::memory_order_relaxed);
    call->clock.lap(LapClock::kQueue);
  }
  std::erase_if(batch, [](const CallLease& call) {
    if (!call->is_late()) return false;
    send_unanswered(*call, Failure::kLate, "the request's time ran out before it was its turn");
    return true;
  });
  if (batch.empty()) return;
  if (batch.size() == 1) return run_alone(std::move(batch.front()));
  try {
    score_together(batch);
  } catch (...) {  // one row is enough: each for itself then
    for (CallLease& call : batch) run_alone(std::move(call));
    return;
  }
  std::size_t rows = 0;
  for (const CallLease& call : batch) rows += call->rows();
  batch.front()->arm->metrics->executed(rows);
  for (CallLease& call : batch) finish(std::move(call));
}

void Scoring::run_alone(CallLease call) {
  try {
    score(*call);
  } catch (...) {
    return send_failure(*call, std::current_exception());
  }
  finish(std::move(call));
}

void Scoring::score(Call& call) {
  try {
    call.arm->model->score(**call.memory);
  } catch (...) {
    if (!is_candidate(call)) throw;
    call.arm->metrics->failed(failure_of(std::current_exception()));
    call.arm = &call.served->current();
    read(call);
    call.arm->model->score(**call.memory);
  }
  call.arm->metrics->executed(call.rows());
}

void Scoring::finish(CallLease call) {
  call->clock.lap(LapClock::kInfer);
  try {
    write_answer(*call, options_.notes);
  } catch (...) {
    return send_failure(*call, std::current_exception());
  }
  call->clock.lap(LapClock::kOutput);
  count_answer(*call);
  std::exchange(call->exchange, nullptr)->send();
  follow_up(std::move(call));
}

// The client has its answer; what follows is for ourselves.
void Scoring::follow_up(CallLease call) {
  if (log_ != nullptr) log_->add(*call);
  if (call->asked_version || call->arm->kind != ArmKind::kCurrent) return;
  const Arm* candidate = call->served->shadow_of(call->bucket);
  if (candidate != nullptr && !shadows_.add(call)) add(candidate->metrics->shadow.dropped);
}

}  // namespace millrace
