// What a finished run leaves behind, small but with every part.
#pragma once

#include <cmath>

#include "report/report.hpp"

namespace millrace::testing_support {

inline Json sample_run() {
  return {{"run", "20261124-031500-4711"},
          {"pipeline", "telco-churn"},
          {"status", "done"},
          {"started", "2026-11-24T03:15:00.000Z"},
          {"config_digest", std::string(64, 'a')},
          {"code_version", "0.1.0+abc"},
          {"ranks", 2},
          {"dataset",
           {{"name", "telco-churn"}, {"version", std::string(64, 'b')}, {"rows", 7043}, {"rejected", 3}}},
          {"features", {{"version", std::string(64, 'c')}}},
          {"model", {{"name", "telco-churn"}, {"version", 7}, {"weights_sha256", std::string(64, 'd')}}},
          {"stages",
           Json::array(
               {{{"name", "ingest"}, {"key", std::string(64, '1')}, {"cached", true}, {"seconds", 0.01}},
                {{"name", "validate"}, {"key", std::string(64, '2')}, {"cached", false}, {"seconds", 0.21}},
                {{"name", "train"}, {"key", std::string(64, '3')}, {"cached", false}, {"seconds", 4.7}}})},
          {"cost", {{"wall_seconds", 5.1}, {"rank_seconds", 10.2}, {"amount", 1.234}, {"currency", "E<R"}}},
          {"outputs",
           {{"train",
             {{"steps", 880},
              {"parameters", 5121},
              {"best_epoch", 9},
              {"device", "cpu (OpenBLAS, 1 thread a rank)"}}}}}};
}

inline Json number_profile(const char* type, double low, double high) {
  Json histogram = Json::array();
  for (int i = 0; i < 30; ++i)
    histogram.push_back(static_cast<int>(400 * std::exp(-0.02 * (i - 11) * (i - 11))));
  Json quantiles = Json::array();
  for (const double share : {0.0, 0.05, 0.1, 0.3, 0.4, 0.5, 0.7, 0.8, 1.0})
    quantiles.push_back(low + share * (high - low));
  return {{"statistics",
           {{"type", type},
            {"rows", 7043},
            {"missing", 11},
            {"min", low},
            {"max", high},
            {"mean", 0.4 * (low + high)},
            {"m2", 4.2e6},
            {"zeros", 3},
            {"distinct", {{"type", type}, {"registers", "AAAA"}}}}},
          {"quantiles", quantiles},
          {"histogram", histogram}};
}

inline Json text_profile(const Json& counts) {
  return {{"statistics",
           {{"type", "text"},
            {"rows", 7043},
            {"missing", 0},
            {"min_length", 2},
            {"max_length", 14},
            {"distinct", {{"type", "text"}, {"counts", counts}}}}},
          {"quantiles", Json::array()},
          {"histogram", Json::array()}};
}

inline Json sample_dataset() {
  return {
      {"name", "telco-churn"},
      {"schema", Json::array({{{"name", "tenure"}, {"type", "integer"}},
                              {{"name", "MonthlyCharges"}, {"type", "real"}},
                              {{"name", "Contract"}, {"type", "text"}},
                              {{"name", "joined"}, {"type", "date"}},
                              {{"name", "TotalCharges"}, {"type", "text"}},
                              {{"name", "Churn"}, {"type", "text"}}})},
      {"sources",
       Json::array({{{"name", "Telco.csv"}, {"bytes", 970457}, {"sha256", std::string(64, 'e')}}})},
      {"rejects",
       {{"count", 3},
        {"samples", Json::array({{{"file", "Telco.csv"},
                                  {"line", 17},
                                  {"column", "tenure"},
                                  {"reason", "'4o' is no integer"}}})}}},
      {"profile",
       Json::array({number_profile("integer", 0, 72), number_profile("real", 18.25, 118.75),
                    text_profile({{"Month-to-month", 3875}, {"Two year", 1695}, {"One year", 1473}}),
                    number_profile("date", 18000, 20700),
                    text_profile({{"<blank>", 11},
                                  {"20.2", 8},
                                  {"19.75", 9},
                                  {"a", 1},
                                  {"b", 1},
                                  {"c", 1},
                                  {"d", 1},
                                  {"e", 1}}),
                    text_profile({{"No", 5174}, {"Yes", 1869}})})},
      {"inference_notes", Json::array({"", "", "", "", "text because of ' ' in Telco.csv line 490", ""})}};
}

inline Json sample_verdict() {
  return {{"checks",
           Json::array(
               {{{"check", "missing"},
                 {"column", "tenure"},
                 {"expected", "share <= 0.1"},
                 {"observed", "0.0016 (11 of 7,043)"},
                 {"passed", true},
                 {"action", "reject"},
                 {"rows", 7043},
                 {"unexpected", 11},
                 {"samples", Json::array()}},
                {{"check", "outliers"},
                 {"column", "MonthlyCharges"},
                 {"expected", "share <= 0.05"},
                 {"observed", "0.07 (493 of 7,043)"},
                 {"passed", false},
                 {"action", "warn"},
                 {"rows", 7043},
                 {"unexpected", 493},
                 {"samples", Json::array({{{"file", "Telco.csv"}, {"record", 5}, {"value", 9999.5}}})}}})}};
}

inline Json sample_training() {
  Json history = Json::array();
  for (int epoch = 1; epoch <= 14; ++epoch) {
    Json entry{{"epoch", epoch},
               {"train_loss", 0.40 + 0.2 / epoch},
               {"learning_rate", 0.001 * (15 - epoch) / 14},
               {"seconds", 0.3}};
    if (epoch != 3) entry["validation_loss"] = 0.42 + 0.18 / epoch + 0.0004 * epoch * epoch;
    history.push_back(entry);
  }
  return {{"history", history}};
}

inline Json sample_evaluation() {
  Json roc = Json::array();
  for (int i = 0; i <= 40; ++i) roc.push_back({i / 40.0, std::pow(i / 40.0, 0.25)});
  Json calibration = Json::array();
  for (int i = 0; i < 10; ++i)
    calibration.push_back({{"mean", 0.05 + 0.1 * i}, {"share", 0.03 + 0.095 * i}, {"rows", 100 - i}});
  return {{"validation", {{"metrics", {{"auc", 0.8333}, {"log_loss", 0.4301}, {"rows", 563}}}}},
          {"test",
           {{"metrics", {{"auc", 0.8412}, {"log_loss", 0.4161}, {"accuracy", 0.8048}, {"rows", 1408}}},
            {"curves", {{"roc", roc}, {"calibration", calibration}}}}},
          {"gate",
           {{"passed", true},
            {"metric", "auc"},
            {"candidate", 0.8412},
            {"champion", 0.8399},
            {"reason", "auc 0.8412, the champion has 0.8399"}}}};
}

inline Json sample_plan() {
  return {
      {"steps",
       Json::array(
           {{{"column", "tenure"},
             {"type", "integer"},
             {"kind", "number"},
             {"indicator", true},
             {"log1p", false}},
            {{"column", "tenure"},
             {"type", "integer"},
             {"kind", "bins"},
             {"edges", {1, 2, 3}},
             {"dimension", 2}},
            {{"column", "Contract"}, {"type", "text"}, {"kind", "onehot"}, {"levels", {"a", "b", "c"}}}})},
      {"target", {{"column", "Churn"}, {"task", "binary"}}}};
}

inline ReportInput sample_input() {
  return {sample_run(),
          sample_dataset(),
          sample_verdict(),
          sample_plan(),
          sample_training(),
          sample_evaluation(),
          "name: telco-churn\ndata:\n  source: Telco.csv\n"};
}

}  // namespace millrace::testing_support
