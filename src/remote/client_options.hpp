// How servers that others run are asked: object stores, web servers, MLflow.
#pragma once

#include "config/pipeline_config.hpp"
#include "net/client/http_client.hpp"

namespace millrace::remote {

// With attempts, through the machine's proxies, for as long as bytes come; errors are kUnreachableSource.
HttpClientOptions client_options(const TransferConfig& transfer);

}  // namespace millrace::remote
