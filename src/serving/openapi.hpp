// The description of the REST interface, OpenAPI 3.0, as served under /v2/openapi.json. Internal to serving/.
#pragma once

#include <string>

namespace millrace {

const std::string& openapi_document();

}  // namespace millrace
