// How a call ends: with its answer, or without. Internal to serving/.
#pragma once

#include <exception>
#include <string>

#include "serving/calls/call.hpp"

namespace millrace {

// kRefused for what the request does wrong, else kBackend.
Failure failure_of(const std::exception_ptr& failure);

// Each counts it and sends.
void send_failure(Call& call, const std::exception_ptr& failure);
// 503 with Retry-After.
void send_unanswered(Call& call, Failure why, const std::string& message);

// Fills the response from the predictions. `notes`: the exchange's note too.
void write_answer(Call& call, bool notes);
void count_answer(const Call& call);

}  // namespace millrace
