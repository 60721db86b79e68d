#include "serving/options.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <fmt/core.h>

namespace millrace {

namespace {

namespace po = boost::program_options;

template <class T>
po::typed_value<T>* value(T& target, const char* unit) {
  return po::value(&target)->value_name(unit)->default_value(target);
}

// In seconds or per second: shown as it would be written.
po::typed_value<double>* number(double& target, const char* unit) {
  return po::value(&target)->value_name(unit)->default_value(target, fmt::format("{}", target));
}

}  // namespace

void add_server_options(po::options_description& options, ServerOptions& server) {
  HttpServerOptions& http = server.http;
  auto add = options.add_options();
  add("artifact", po::value(&server.artifact)->value_name("FILE"), "serve this artifact");
  add("host", value(http.host, "HOST"), "the address to listen on; 0.0.0.0 for all");
  add("port", value(http.port, "N"), "0: any free one");
  add("threads", value(http.threads, "N"), "threads that answer requests");
  add("address-file", po::value(&server.address_file)->value_name("FILE"),
      "write host:port here once the server listens");
  add("max-connections", value(http.connections, "N"), "open at once; more are answered 503");
  add("max-in-flight", value(http.in_flight, "N"), "requests with a body at once; more are answered 503");
  add("max-rate", number(http.rate, "N"),
      "requests a second of one client address; more are answered 429; 0: any");
  add("max-rows", value(server.max_rows, "N"), "in one request; more are answered 400");
  add("max-body", value(http.body_limit, "BYTES"), "of a request; more are answered 413");
  add("max-header", value(http.header_limit, "BYTES"), "of a request; more are answered 431");
  add("header-seconds", number(http.header_seconds, "S"),
      "for a header to arrive; later ones are answered 408");
  add("body-seconds", number(http.body_seconds, "S"), "for a body to arrive; later ones are answered 408");
  add("idle-seconds", number(http.idle_seconds, "S"), "until an idle connection is closed");
}

}  // namespace millrace
