#include <algorithm>
#include <charconv>
#include <thread>

#include "base/signals.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "cli/served_rows.hpp"
#include "net/http.hpp"

namespace millrace {

namespace {

constexpr double kLongestWait = 30;  // seconds: a server that asks for more is not coming back soon

struct Question {
  std::string url;
  double timeout;
  std::uint32_t retries;
};

// A 4xx answer is the request's fault, anything else that is not 200 the server's.
Error refusal(const HttpResponse& response) {
  const std::string message = fmt::format("HTTP {}: {}", response.status, trim(response.body));
  const bool is_ours = response.status < 500 && response.status != 429;
  return {is_ours ? Topic::kRefusedRequest : Topic::kFailedRequest, "{}", message};
}

// What the server asks for (whole seconds), else longer from attempt to attempt.
double seconds_to_wait(const HttpResponse& response, std::uint32_t attempt) {
  for (const auto& [name, value] : response.headers) {
    std::uint32_t seconds = 0;
    const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (name == "Retry-After" && failure == std::errc() && end == value.data() + value.size()) return seconds;
  }
  return 0.1 * static_cast<double>(1U << std::min(attempt, 8U));
}

void sleep_for(double seconds) {
  const Stopwatch waited;
  while (waited.seconds() < seconds) {
    if (stop_requested()) throw Error(Topic::kStopped, "stopped while waiting for the server");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

std::string ask(const Question& question, const std::string& body) {
  for (std::uint32_t attempt = 0;; ++attempt) {
    const HttpResponse response = http_request("POST", question.url, body, question.timeout);
    if (response.status == 200) return response.body;
    const double wait = seconds_to_wait(response, attempt);
    const bool passes = response.status == 503 || response.status == 429;
    if (!passes || attempt == question.retries || wait > kLongestWait) throw refusal(response);
    sleep_for(wait);
  }
}

// The columns of `millrace predict`: numbers, the class, or the class and each class's probability.
std::string header(const OrderedJson& prediction) {
  if (prediction.contains("value")) return "prediction\n";
  if (prediction.contains("probability")) return "probability,class\n";
  std::string line = "class";
  for (const auto& [name, value] : prediction.at("probabilities").items())
    line += fmt::format(",\"probability of {}\"", name);
  return line + "\n";
}

std::string csv_line(const OrderedJson& prediction) {
  if (prediction.contains("value")) return fmt::format("{}\n", prediction["value"].get<float>());
  const std::string name = prediction.at("class");
  if (prediction.contains("probability"))
    return fmt::format("{},{}\n", prediction["probability"].get<float>(), name);
  std::string line = name;
  for (const auto& value : prediction.at("probabilities")) line += fmt::format(",{}", value.get<float>());
  return line + "\n";
}

std::string csv_lines(const std::string& answer, bool is_first) {
  const OrderedJson predictions = OrderedJson::parse(answer).at("predictions");
  std::string lines = is_first ? header(predictions.at(0)) : "";
  for (const OrderedJson& prediction : predictions) lines += csv_line(prediction);
  return lines;
}

int run_request(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = served_rows_options();
  options.add_options()  //
      ("row", po::value<std::string>(),
       "a row as a JSON object, or several as an array; also as the second argument; without it and a file: "
       "standard input")                                                                 //
      ("batch", po::value<std::uint32_t>()->default_value(1000), "rows in one request")  //
      ("retries", po::value<std::uint32_t>()->default_value(4),
       "further attempts where the server is busy (503, 429), after the time that it asks for");
  const auto values = parse_options(self, arguments, options, {"model", "row"}, comm);
  if (!values) return 0;
  const std::string model = model_name(self, *values);
  const std::string address = server_address(*values);
  const auto protocol = load::parse_protocol(text_of(*values, "protocol"));
  const std::size_t batch = std::max((*values)["batch"].as<std::uint32_t>(), 1U);
  const ServedRows served = read_served_rows(*values, text_of(*values, "row"), address, model);
  const Question question{"http://" + address + load::target_of(model, protocol),
                          (*values)["timeout"].as<double>(), (*values)["retries"].as<std::uint32_t>()};
  const bool writes_csv = served.from_csv && protocol == load::Protocol::kPredict;
  catch_stop_signals();
  for (std::size_t first = 0; first < served.rows.size(); first += batch) {
    const auto rows = std::span(served.rows).subspan(first, std::min(batch, served.rows.size() - first));
    const std::string answer = ask(question, load::request_body(protocol, rows, served.inputs));
    fmt::print("{}", writes_csv ? csv_lines(answer, first == 0) : fmt::format("{}\n", trim(answer)));
  }
  return 0;
}

}  // namespace

Command request_command() {
  return {"request",
          "MODEL [ROW] [options]",
          "Ask a running server for predictions",
          R"(millrace request quickstart '{"age": 34, "contract": "month-to-month"}')",
          false,
          run_request};
}

}  // namespace millrace
