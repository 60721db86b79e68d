#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/options.hpp"

namespace millrace {

namespace {

int run_explain(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options("options");
  options.add_options()("topic", po::value<std::string>(), "its name, as an error message gives it");
  const auto values = parse_options(self, arguments, options, {"topic"}, comm);
  if (!values) return 0;
  if (values->count("topic") == 0) return fmt::print("{}", catalogue()), 0;
  const std::string id = (*values)["topic"].as<std::string>();
  const auto topic = find_topic(id);
  if (!topic) {
    throw Error(Topic::kUnknownName, "there is no topic {}{}; 'millrace explain' prints all of them",
                millrace::quoted(id), suggestion(id, topic_ids()));
  }
  fmt::print("{}", explain(*topic));
  return 0;
}

}  // namespace

Command explain_command() {
  return {"explain",
          "[TOPIC]",
          "What an error means and what to do; without a topic, all of docs/errors.md",
          "millrace explain unclosed-quote",
          false,
          run_explain};
}

}  // namespace millrace
