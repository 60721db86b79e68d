// Requests that mean harm or were made by a broken client: whatever arrives is answered or refused with a
// reason.
#include <gtest/gtest.h>

#include "tiny_service.hpp"

namespace millrace {
namespace {

using testing_support::golden_rows;
using testing_support::refusal_of;
using testing_support::TinyService;
using testing_support::two_rows;

const std::vector<std::string> kRoutes{"/v2/models/churn/infer", "/v2/models/churn/predict"};

std::string repeated(const std::string& text, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) result += text;
  return result;
}

class HostileRequest : public ::testing::Test {
 protected:
  // The body of each route with `text` for the charges of its first row.
  [[nodiscard]] std::string with_charges(const std::string& route, const std::string& text) const {
    const std::string body = route == kRoutes[0] ? two_rows().dump() : golden_rows().dump();
    return std::string(body).replace(body.find("70.35"), 5, text);
  }
  [[nodiscard]] std::string refusal(const std::string& route, const std::string& body) const {
    return refusal_of(service_, route, body);
  }
  TinyService service_;
};

TEST_F(HostileRequest, DeepNesting) {
  const std::string reason = "the request's body is nested more than 64 levels deep";
  for (const std::string& route : kRoutes) {
    EXPECT_EQ(refusal(route, repeated("[", 3000000) + repeated("]", 3000000)), reason);
    EXPECT_EQ(refusal(route, repeated("[", 65) + repeated("]", 65)), reason);
    for (const std::string& unclosed : {repeated("[", 8000000), repeated("{\"a\":", 100000)})
      EXPECT_NE(refusal(route, unclosed), "");
    EXPECT_EQ(refusal(route, with_charges(route, repeated("[", 100000) + repeated("]", 100000))), reason);
    EXPECT_EQ(refusal(route, repeated("[", 64) + repeated("]", 64)).find(reason), std::string::npos);
  }
}

TEST_F(HostileRequest, BracketsInTextsAreNoNesting) {
  Json rows = golden_rows();
  for (const std::string& text : {repeated("[", 1000), repeated("\\", 1001) + repeated("{", 1000),
                                  repeated("\"[", 1000), repeated("\\\"{", 1000)}) {
    rows[0]["contract"] = text;
    EXPECT_EQ(service_.predict_rows(rows.dump()).at("predictions").size(), 3U);
  }
}

TEST_F(HostileRequest, NumbersThatJsonDoesNotHave) {
  for (const std::string& route : kRoutes) {
    for (const char* number : {"NaN", "nan", "Infinity", "-Infinity", "-inf", "1e400", "-1e400", "0x10", "01",
                               "+1", ".5", "5.", "1e", "1_000", "--1", "1 2", "/* */ 1", "undefined"}) {
      EXPECT_EQ(refusal(route, with_charges(route, number)).find("the request's body is no JSON: "), 0U)
          << route << " " << number << ": " << refusal(route, with_charges(route, number));
    }
  }
}

// In a double's range, but beyond what the model computes with: the client's fault, not the server's.
TEST_F(HostileRequest, NumbersThatAreTooLarge) {
  for (const std::string& route : kRoutes) {
    for (const char* number : {"1e308", "-1e308", "1.7976931348623157e308"}) {
      EXPECT_EQ(refusal(route, with_charges(route, number)),
                "row 1, column 'charges': the number is too large for the model");
    }
    EXPECT_EQ(refusal(route, with_charges(route, "5e-324")), "");
    EXPECT_EQ(refusal(route, with_charges(route, "-0.0")), "");
  }
  EXPECT_EQ(service_.served()->current().metrics->failures[static_cast<std::size_t>(Failure::kBackend)], 0U);
}

TEST_F(HostileRequest, BytesThatAreNoUtf8) {
  for (const std::string& route : kRoutes) {
    for (const char* text :
         {"\xff", "\x80", "\xc3", "\xc0\xaf", "\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf0\x9f\x98",
          "\\ud800", "\\udc00\\ud800", "\\u12", "\\x41", "\n", "\x01"}) {
      std::string body = with_charges(route, "1");
      body.replace(body.find("Two year"), 8, text);
      EXPECT_EQ(refusal(route, body).find("the request's body is no JSON: "), 0U)
          << route << " " << text << ": " << refusal(route, body);
    }
  }
}

// Texts may be anything that JSON can say; the model takes what it does not know as unknown.
TEST_F(HostileRequest, TextsThatAreOdd) {
  for (const std::string& route : kRoutes) {
    for (const std::string& text :
         {std::string("\\u0000"), std::string("\\ud83d\\ude00"), std::string("../../etc/passwd"),
          std::string("'; DROP TABLE x; --"), std::string("\\r\\nX: y"), std::string(1000000, 'x')}) {
      std::string body = with_charges(route, "1");
      body.replace(body.find("Two year"), 8, text);
      EXPECT_EQ(refusal(route, body), "") << route;
    }
  }
}

TEST_F(HostileRequest, NamesOfAnyLength) {
  for (const std::string& name : {std::string(1000000, 'x'), std::string("tenure\0", 7),
                                  std::string("\n\n\n"), std::string("__proto__"), std::string()}) {
    const std::string infer = refusal(kRoutes[0], [&] {
      Json request = two_rows();
      request["inputs"][0]["name"] = name;
      return request.dump();
    }());
    EXPECT_EQ(infer.find("the model has no input "), 0U) << infer;
    const std::string predict = refusal(kRoutes[1], Json{{name, 5}}.dump());
    EXPECT_EQ(predict.find("row 1: there is no input "), 0U) << predict;
    EXPECT_LT(infer.size(), 400U);
    EXPECT_LT(predict.size(), 400U);
    EXPECT_EQ((infer + predict).find_first_of(std::string("\n\0", 2)), std::string::npos);
  }
}

TEST_F(HostileRequest, ManyRowsColumnsAndInputs) {
  EXPECT_NE(refusal(kRoutes[1], "[" + repeated("{},", 70000) + "{}]"), "");
  EXPECT_NE(refusal(kRoutes[1], "[" + repeated("1,", 4000000) + "1]"), "");
  Json row;
  for (int i = 0; i < 100000; ++i) row["column " + std::to_string(i)] = i;
  EXPECT_EQ(refusal(kRoutes[1], row.dump()).find("row 1: there is no input 'column 0'"), 0U);
  EXPECT_NE(refusal(kRoutes[0], R"({"inputs": [)" + repeated("{},", 1000000) + "{}]}"), "");
  const std::string shape = R"({"name": "tenure", "datatype": "INT64", "shape": [)";
  EXPECT_NE(
      refusal(kRoutes[0], R"({"inputs": [)" + shape + repeated("1,", 1000000) + R"(1], "data": [1]}]})"), "");
  for (const char* size :
       {"18446744073709551615", "18446744073709551616", "9223372036854775807", "1e3", "-1"}) {
    EXPECT_NE(refusal(kRoutes[0], R"({"inputs": [)" + shape + size + R"(], "data": []}]})"), "") << size;
  }
}

TEST_F(HostileRequest, WhatIsGivenTwice) {
  EXPECT_EQ(refusal(kRoutes[1], R"({"tenure": 5, "tenure": 6})"),
            "row 1: the column 'tenure' is given twice");
  EXPECT_EQ(refusal(kRoutes[1], R"({"rows": [{}], "rows": [{}]})"), "'rows' of the request is given twice");
  EXPECT_EQ(refusal(kRoutes[0], R"({"id": "a", "id": "b", "inputs": []})"),
            "'id' of the request is given twice");
  std::string twice = two_rows().dump();
  twice.insert(twice.find("\"datatype\""), R"("datatype":"FP64",)");
  EXPECT_EQ(refusal(kRoutes[0], twice), "'datatype' of input 'tenure' is given twice");
}

// Rows are counted before any of them is read.
TEST(HostileRequestRows, TheLimitIsTheServers) {
  const TinyService small(Task::kBinary, {.max_rows = 2});
  EXPECT_EQ(refusal_of(small, kRoutes[1], "[{},{}]"), "");
  EXPECT_EQ(refusal_of(small, kRoutes[0], two_rows().dump()), "");
  for (const auto& [route, body] :
       {std::pair{kRoutes[1], std::string(R"([{"tenure": [{}]},{},{}])")},
        std::pair{kRoutes[1], std::string(R"({"rows": [{}, {}, 5]})")},
        std::pair{kRoutes[0], two_rows({{"name", "tenure"}, {"shape", {3}}}).dump()}}) {
    EXPECT_NE(refusal_of(small, route, body).find("3 rows; one request may have 2: split it"),
              std::string::npos)
        << refusal_of(small, route, body);
  }
  EXPECT_EQ(refusal_of(small, kRoutes[1], R"([{"tenure": [{}, {}, {}]}])").find("row 1, column 'tenure'"),
            0U);
}

TEST_F(HostileRequest, PathsThatLeadElsewhere) {
  for (const std::string& target : {std::string("/../etc/passwd"),
                                    std::string("/v2/../../etc/passwd"),
                                    std::string("/v2/models/../health/live"),
                                    std::string("/v2/models/%2e%2e/ready"),
                                    std::string("/%2e%2e/%2e%2e/etc/passwd"),
                                    std::string("//v2"),
                                    std::string("/v2//models/churn"),
                                    std::string("/v2/./models/churn"),
                                    std::string("/v2/models//predict"),
                                    std::string("/v2/models/churn%00"),
                                    std::string("/v2/models/churn\0", 17),
                                    std::string("/V2"),
                                    std::string("/v2\\models\\churn"),
                                    std::string("/v2/models/churn;x=y"),
                                    std::string("/v2/models/churn#x"),
                                    std::string("http://127.0.0.1/v2"),
                                    std::string("http://elsewhere/v2/models/churn"),
                                    std::string("file:///etc/passwd"),
                                    std::string("127.0.0.1:80"),
                                    std::string("*"),
                                    std::string("?"),
                                    std::string("/?/v2"),
                                    "/v2/models/" + std::string(15000, 'x'),
                                    "/v2/models/churn/versions/" + repeated("9", 1000),
                                    repeated("/", 16000)}) {
    for (const char* method : {"GET", "POST", "DELETE"}) {
      const HttpResponse answer = service_.ask(method, target, "{}");
      const bool wrong_method = answer.status == 405 && method != std::string("GET");
      EXPECT_TRUE(answer.status == 404 || wrong_method) << target.substr(0, 80);
      EXPECT_LT(answer.body.size(), 600U) << target.substr(0, 80);
    }
  }
}

}  // namespace
}  // namespace millrace
