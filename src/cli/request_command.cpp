#include <iostream>
#include <iterator>

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/options.hpp"
#include "net/http.hpp"

namespace millrace {

namespace {

std::string rows_text(const po::variables_map& values) {
  if (values.count("row") > 0) return values["row"].as<std::string>();
  if (values.count("rows-file") > 0) return read_file(values["rows-file"].as<std::string>());
  return {std::istreambuf_iterator<char>(std::cin), {}};
}

Json request_body(const po::variables_map& values) {
  try {
    const Json rows = Json::parse(rows_text(values));
    return {{"rows", rows.is_array() ? rows : Json::array({rows})}};
  } catch (const Json::parse_error& error) {
    throw Error(Topic::kCommandLine, "the rows are no valid JSON: {}", error.what());
  }
}

// A 4xx answer is the request's fault, anything else that is not 200 the server's.
std::string body_or_error(const HttpResponse& response) {
  if (response.status == 200) return response.body;
  const std::string message = fmt::format("HTTP {}: {}", response.status, trim(response.body));
  throw Error(response.status < 500 ? Topic::kRefusedRequest : Topic::kFailedRequest, "{}", message);
}

int run(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options("options");
  options.add_options()                                                                                  //
      ("address", po::value<std::string>()->default_value("127.0.0.1:8080"), "HOST:PORT of the server")  //
      ("model", po::value<std::string>(), "the model's name; also as the first argument")                //
      ("row", po::value<std::string>(),
       "a row as a JSON object, or several as an array; also as the second argument")  //
      ("rows-file", po::value<std::string>(),
       "a file with the rows instead; without both: standard input")  //
      ("timeout", po::value<double>()->default_value(10), "seconds");
  const auto values = parse_options(self, arguments, options, {"model", "row"}, comm);
  if (!values) return 0;
  if (values->count("model") == 0)
    throw Error(Topic::kCommandLine, "which model? millrace request MODEL ROW");
  const std::string url =
      fmt::format("http://{}/v2/models/{}/predict", (*values)["address"].as<std::string>(),
                  (*values)["model"].as<std::string>());
  const auto response =
      http_request("POST", url, request_body(*values).dump(), (*values)["timeout"].as<double>());
  fmt::print("{}\n", trim(body_or_error(response)));
  return 0;
}

}  // namespace

Command request_command() {
  return {"request",
          "MODEL [ROW] [options]",
          "Ask a running server for predictions",
          R"(millrace request quickstart '{"age": 34, "contract": "month-to-month"}')",
          false,
          run};
}

}  // namespace millrace
