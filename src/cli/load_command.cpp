#include "base/file.hpp"
#include "base/signals.hpp"
#include "base/topics.hpp"
#include "cli/served_rows.hpp"
#include "load/report.hpp"

namespace millrace {

namespace {

load::Arrivals parse_arrivals(const std::string& name) {
  if (name == "poisson") return load::Arrivals::kPoisson;
  if (name == "fixed") return load::Arrivals::kFixed;
  throw Error(Topic::kCommandLine, "--arrivals is poisson or fixed, not '{}'", name);
}

// As many bodies as it takes for each row to be in one, each with `batch` rows: the last goes on with the
// first rows.
std::vector<std::string> bodies_of(std::vector<Json> rows, std::size_t batch, load::Protocol protocol,
                                   const std::vector<load::ModelInput>& inputs) {
  for (std::size_t i = 0; rows.size() % batch != 0; ++i) rows.push_back(Json(rows[i]));
  std::vector<std::string> bodies;
  for (std::size_t first = 0; first < rows.size(); first += batch) {
    bodies.push_back(load::request_body(protocol, std::span(rows).subspan(first, batch), inputs));
  }
  return bodies;
}

std::vector<std::string> read_bodies(const po::variables_map& values, AskedServer& server,
                                     const std::string& model) {
  std::vector<std::string> bodies;
  if (values.count("body") > 0) {
    for (const std::string& file : values["body"].as<std::vector<std::string>>())
      bodies.push_back(read_file(file));
    return bodies;
  }
  const std::uint32_t batch = values["batch"].as<std::uint32_t>();
  if (batch == 0) throw Error(Topic::kCommandLine, "a request needs a row: --batch is 0");
  if (values.count("rows-file") == 0 && values.count("row") == 0)
    throw Error(Topic::kCommandLine, "what shall be asked? See --row, --rows-file and --body");
  ServedRows served = read_served_rows(values, text_of(values, "row"), server, model);
  return bodies_of(std::move(served.rows), batch, load::parse_protocol(text_of(values, "protocol")),
                   served.inputs);
}

load::LoadPlan plan_of(const Command& self, const po::variables_map& values) {
  AskedServer server(values);
  const std::string model = model_name(self, values);
  const std::string target = load::target_of(model, load::parse_protocol(text_of(values, "protocol")));
  load::LoadPlan plan;
  plan.address = server.plain_address();
  plan.rate = values["rate"].as<double>();
  plan.arrivals = parse_arrivals(text_of(values, "arrivals"));
  plan.seed = values["seed"].as<std::uint64_t>();
  plan.connections = values["connections"].as<std::uint32_t>();
  plan.threads = values["threads"].as<std::uint32_t>();
  plan.warmup_seconds = values["warmup"].as<double>();
  plan.seconds = values["duration"].as<double>();
  plan.timeout_seconds = values["timeout"].as<double>();
  plan.interval_seconds = values["interval"].as<double>();
  plan.keep_going = values.count("keep-going") > 0;
  plan.spin = values.count("spin") > 0;
  for (const std::string& body : read_bodies(values, server, model))
    plan.requests.push_back(load::http_post(plan.address, target, body, server.authorization()));
  return plan;
}

int run_load(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = served_rows_options();
  options.add_options()                                                                    //
      ("row", po::value<std::string>(), "a row as a JSON object, or several as an array")  //
      ("batch", po::value<std::uint32_t>()->default_value(1), "rows in one request")       //
      ("body", po::value<std::vector<std::string>>()->composing(),
       "a file with a whole body, instead of rows; repeatable: they are sent in turn")  //
      ("rate", po::value<double>()->default_value(0),
       "requests a second, due whether or not earlier ones are answered; 0: each connection asks when it is "
       "answered")                                                                                          //
      ("arrivals", po::value<std::string>()->default_value("poisson"), "poisson or fixed, with --rate")     //
      ("seed", po::value<std::uint64_t>()->default_value(1), "of Poisson arrivals")                         //
      ("connections", po::value<std::uint32_t>()->default_value(16), "with one request at a time on each")  //
      ("threads", po::value<std::uint32_t>()->default_value(1), "that share the connections")               //
      ("duration", po::value<double>()->default_value(10), "seconds that are measured")                     //
      ("warmup", po::value<double>()->default_value(1), "seconds before them")                              //
      ("interval", po::value<double>()->default_value(1), "seconds of an entry in the timeline (--json)")   //
      ("spin", "never sleep: exact to the microsecond, where each thread has a core to itself")             //
      ("keep-going", "also after a 4xx answer, and without a server");
  const auto values = parse_options(self, arguments, options, {"model"}, comm);
  if (!values) return 0;
  const load::LoadPlan plan = plan_of(self, *values);
  catch_stop_signals();
  const load::LoadResult result = load::run_load(plan);
  fmt::print("{}", values->count("json") > 0 ? load::to_json(plan, result).dump() + "\n"
                                             : load::describe(plan, result));
  return 0;
}

}  // namespace

Command load_command() {
  return {"load",
          "MODEL [options]",
          "Ask a running server again and again, and measure its answers",
          R"(millrace load quickstart --row '{"age": 34}' --rate 2000 --duration 30)",
          false,
          run_load};
}

}  // namespace millrace
