#include "cli/options.hpp"
#include "datagen/datagen.hpp"

namespace millrace {

namespace {

po::options_description datagen_options(DatagenOptions& to) {
  po::options_description options("options");
  options.add_options()                                                                                   //
      ("out", po::value(&to.out)->required(), "folder for the daily files")                               //
      ("days", po::value(&to.days)->default_value(to.days), "number of files")                            //
      ("rows-per-day", po::value(&to.rows_per_day)->default_value(to.rows_per_day), "rows of each file")  //
      ("bytes", po::value(&to.target_bytes), "about this much in all, instead of --rows-per-day")         //
      ("first-day", po::value(&to.first_day)->default_value(to.first_day), "date of the first file")      //
      ("partitioned", po::bool_switch(&to.partitioned), "one folder day=DATE a day, each with a file")    //
      ("seed", po::value(&to.seed)->default_value(to.seed), "of everything that is drawn")                //
      ("drift-from-day", po::value(&to.drift_from_day)->default_value(0),
       "first day that drifts, from 1; 0: none")  //
      ("drift-size", po::value(&to.drift_size)->default_value(to.drift_size),
       "1: plain to see, 3: another world")  //
      ("drift-kind", po::value(&to.drift_kind)->default_value(to.drift_kind),
       "prices: inputs and what they mean; habits: only what they mean")                                   //
      ("defects", po::value(&to.defects)->default_value(0), "share of rows that something is wrong with")  //
      ("defect-kinds", po::value(&to.defect_kinds)->multitoken(),
       "of ragged, text, duplicate, blank, quote")                            //
      ("threads", po::value(&to.threads)->default_value(0), "0: one a core")  //
      ("json", "the summary as JSON on standard output");
  return options;
}

int run_datagen(const Command& self, const Arguments& arguments, const Communicator& comm) {
  DatagenOptions options;
  const bool asks_help = arguments.empty() ? false : arguments[0] == "--help" || arguments[0] == "-h";
  po::options_description description = datagen_options(options);
  const auto values =
      parse_options(self, asks_help ? Arguments{"--help", "--out=."} : arguments, description, {}, comm);
  if (!values) return 0;
  const DatagenSummary summary = generate(options);
  fmt::print("{}\n", values->count("json") > 0 ? Json(summary).dump(2) : format_summary(summary));
  return 0;
}

}  // namespace

Command datagen_command() {
  return {"datagen",
          "--out FOLDER [options]",
          "Make churn data whose truth is known, in dated daily files",
          "millrace datagen --out data --days 30 --rows-per-day 100000 --drift-from-day 20",
          false,
          run_datagen};
}

}  // namespace millrace
