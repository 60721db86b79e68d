#include <gtest/gtest.h>

#include "tiny_service.hpp"

namespace millrace {
namespace {

using testing_support::refusal_of;
using testing_support::TinyService;
using testing_support::two_rows;

class InferError : public ::testing::Test {
 protected:
  std::string refusal(const std::string& body) const {
    return refusal_of(service_, "/v2/models/churn/infer", body);
  }
  std::string refusal(const Json& replaced) const { return refusal(two_rows(replaced).dump()); }
  std::string refusal_of_data(const char* name, const Json& data) const {
    return refusal(Json{{"name", name}, {"data", data}});
  }
  TinyService service_;
};

TEST_F(InferError, BodiesThatAreNoRequest) {
  for (const char* body : {"", "{", "nonsense", "{\"inputs\": [}", "{\"id\": \"\xff\"}", "{} {}"}) {
    EXPECT_NE(refusal(std::string(body)).find("no JSON"), std::string::npos)
        << body << ": " << refusal(std::string(body));
  }
  EXPECT_EQ(refusal(std::string("[]")), "the request's body must be a JSON object");
  EXPECT_EQ(refusal(std::string("{}")), "the request lacks 'inputs' (a list of inputs)");
  EXPECT_EQ(refusal(std::string(R"({"inputs": 3})")), "'inputs' of the request must be a list of inputs");
  EXPECT_EQ(refusal(std::string(R"({"inputs": [3]})")), "each of 'inputs' must be an object");
  EXPECT_EQ(refusal(std::string(R"({"inputs": [{}]})")), "an input lacks 'name' (a string)");
  EXPECT_EQ(refusal(std::string(R"({"id": 3, "inputs": []})")), "'id' of the request must be a string");
  EXPECT_NE(refusal(std::string(100000, '[')), "");
}

TEST_F(InferError, InputsThatAreMissingUnknownOrDouble) {
  EXPECT_EQ(refusal(std::string(R"({"inputs": []})")),
            "input 'tenure' is missing; a value that is not known is null in its 'data'");
  Json request = two_rows();
  request["inputs"].erase(4);
  EXPECT_EQ(refusal(request.dump()).find("input 'signup' is missing"), 0U);
  request = two_rows();
  request["inputs"][0]["name"] = "tenur";
  EXPECT_EQ(refusal(request.dump()).find("the model has no input 'tenur' (did you mean 'tenure'?)"), 0U);
  request = two_rows();
  request["inputs"].push_back(request["inputs"][1]);
  EXPECT_EQ(refusal(request.dump()), "input 'charges' is given twice");
}

TEST_F(InferError, Datatypes) {
  EXPECT_EQ(refusal(Json{{"name", "tenure"}, {"datatype", "BYTES"}}),
            "input 'tenure' is integer and wants the datatype INT64, not 'BYTES'");
  EXPECT_EQ(refusal(Json{{"name", "contract"}, {"datatype", "INT64"}}),
            "input 'contract' is text and wants the datatype BYTES, not 'INT64'");
  EXPECT_EQ(refusal(Json{{"name", "senior"}, {"datatype", "INT8"}}),
            "input 'senior' is boolean and wants the datatype BOOL, not 'INT8'");
  EXPECT_EQ(refusal(Json{{"name", "signup"}, {"datatype", "INT64"}}),
            "input 'signup' is date and wants the datatype BYTES, not 'INT64'");
  EXPECT_EQ(refusal(Json{{"name", "tenure"}, {"datatype", 3}}),
            "'datatype' of input 'tenure' must be a string");
}

TEST_F(InferError, Shapes) {
  for (const Json& shape : {Json::array(), Json{2, 2}, Json{1, 2}, Json{2, 1, 1}}) {
    EXPECT_EQ(refusal(Json{{"name", "tenure"}, {"shape", shape}}).find("input 'tenure' must have the shape"),
              0U)
        << shape;
  }
  for (const Json& shape : {Json{-1}, Json{2.5}, Json{"2"}, Json(2)}) {
    EXPECT_EQ(refusal(Json{{"name", "tenure"}, {"shape", shape}}),
              "'shape' of input 'tenure' must be a list of sizes")
        << shape;
  }
  EXPECT_EQ(refusal(Json{{"name", "tenure"}, {"shape", {3}}}),
            "'data' of input 'tenure' has 2 values, but its shape says 3");
  EXPECT_EQ(refusal(Json{{"name", "tenure"}, {"shape", {1}}}),
            "'data' of input 'tenure' has 2 values, but its shape says 1");
  EXPECT_EQ(refusal(Json{{"name", "charges"}, {"shape", {1}}, {"data", {1.0}}}),
            "input 'charges' has 1 rows, but input 'tenure' has 2");
  EXPECT_EQ(refusal(Json{{"name", "tenure"}, {"shape", {100000}}}),
            "input 'tenure' has 100,000 rows; one request may have 65,536: split it");
  EXPECT_NE(refusal(Json{{"name", "tenure"}, {"shape", {1e300}}}), "");
}

TEST_F(InferError, Nesting) {
  const std::string expected = "the lists in 'data' of input 'tenure' do not have its shape";
  EXPECT_EQ(refusal_of_data("tenure", {{5}, {61}}), expected);
  EXPECT_EQ(refusal(Json{{"name", "tenure"}, {"shape", {2, 1}}, {"data", {{5, 6}, {61}}}}), expected);
  EXPECT_EQ(refusal(Json{{"name", "tenure"}, {"shape", {2, 1}}, {"data", {Json::array(), {61}}}}), expected);
  EXPECT_EQ(refusal(Json{{"name", "tenure"}, {"shape", {2, 1}}, {"data", {Json::parse("[[5]]"), {61}}}}),
            "row 1, column 'tenure': '[5]' is not a whole number within 64 bits");
  EXPECT_EQ(refusal_of_data("tenure", 5), "'data' of input 'tenure' must be a list of values");
}

TEST_F(InferError, Values) {
  const std::string not_whole = " is not a whole number within 64 bits";
  EXPECT_EQ(refusal_of_data("tenure", {5, "6"}), "row 2, column 'tenure': '\"6\"'" + not_whole);
  EXPECT_EQ(refusal_of_data("tenure", {5.5, 6}), "row 1, column 'tenure': '5.5'" + not_whole);
  EXPECT_EQ(refusal_of_data("tenure", {1e300, 6}), "row 1, column 'tenure': '1e+300'" + not_whole);
  EXPECT_EQ(refusal_of_data("tenure", {true, 6}), "row 1, column 'tenure': 'true'" + not_whole);
  EXPECT_EQ(refusal_of_data("tenure", {18446744073709551615U, 6}).find("row 1, column 'tenure': "), 0U);
  EXPECT_EQ(refusal_of_data("charges", {1, "x"}), "row 2, column 'charges': '\"x\"' is not a number");
  EXPECT_EQ(refusal_of_data("senior", {0, true}), "row 1, column 'senior': '0' is not true or false");
  EXPECT_EQ(refusal_of_data("contract", {"x", 3}), "row 2, column 'contract': '3' is not a string");
  EXPECT_EQ(refusal_of_data("contract", {"x", Json::object()}),
            "row 2, column 'contract': '{}' is not a string");
  EXPECT_EQ(refusal_of_data("signup", {"2021-02-29", "2021-01-01"}),
            "row 1, column 'signup': '\"2021-02-29\"' is not a date such as \"2026-11-24\"");
  EXPECT_EQ(refusal_of_data("seen", {"yesterday", nullptr}),
            "row 1, column 'seen': '\"yesterday\"' is not a time such as \"2026-11-24T03:26:00Z\"");
}

TEST_F(InferError, Outputs) {
  Json request = two_rows();
  request["outputs"] = {{{"name", "probabilities"}}};
  EXPECT_EQ(refusal(request.dump()), "the model has no output 'probabilities'; its outputs: probability");
  request["outputs"] = 3;
  EXPECT_EQ(refusal(request.dump()), "'outputs' of the request must be a list of outputs");
  request["outputs"] = {3};
  EXPECT_EQ(refusal(request.dump()), "each of 'outputs' must be an object");
}

// Whatever is cut off or changed in a request: an answer or a usage error, nothing else.
TEST_F(InferError, MangledRequestsNeverBreakTheServer) {
  const std::string whole = two_rows().dump();
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(refusal(whole.substr(0, size)), "") << size;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const char byte : {'\0', '"', '[', '}', '9', '-', '\xff'}) {
      std::string mangled = whole;
      mangled[at] = byte;
      EXPECT_EQ(refusal(mangled).find("no usage error"), std::string::npos) << mangled;
    }
  }
}

}  // namespace
}  // namespace millrace
