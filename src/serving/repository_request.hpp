// The bodies of Triton's model repository extension. Internal to serving/.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.hpp"
#include "serving/models/model_repository.hpp"

namespace millrace {

// The version of a load or unload request, {"parameters": {"version": "7"}}; "" where it asks for none.
// Throws kUsage for a body that is no such request.
std::string asked_version(std::string_view body);

std::string index_answer(const std::vector<IndexEntry>& index);

// What went wrong with a change: 400 for what was asked, and for what is not there.
HttpResponse change_failure(const HttpRequest& request, const std::exception_ptr& failure);

}  // namespace millrace
