// An answer's status line and header fields (RFC 9112, section 2.1). Internal to net/.
#pragma once

#include <string>

#include "net/http.hpp"

namespace millrace {

// Whether an answer of this status may have a body (RFC 9110, section 6.4.1).
bool allows_body(int status);

// Appends to `head`, with the empty line at the end. `old`: to a request of HTTP/1.0, where a connection that
// stays is the exception.
void append_head(std::string& head, const HttpResponse& answer, bool old, bool keep_alive);

}  // namespace millrace
