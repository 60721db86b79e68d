// Binary tensors: the same answers as JSON gives, bit by bit, and refusals for all that does not fit.
#include <cstring>

#include <gtest/gtest.h>

#include "tiny_service.hpp"

namespace millrace {
namespace {

using testing_support::TinyService;
using testing_support::two_rows;

template <class T>
std::string bytes_of(std::initializer_list<T> values) {
  std::string bytes;
  for (const T value : values) bytes.append(reinterpret_cast<const char*>(&value), sizeof(T));
  return bytes;
}

std::string texts(std::initializer_list<std::string> values) {
  std::string bytes;
  for (const std::string& value : values) {
    bytes += bytes_of({static_cast<std::uint32_t>(value.size())});
    bytes += value;
  }
  return bytes;
}

struct Tensor {
  const char* name;
  const char* datatype;
  std::string bytes;
};

class Binary : public ::testing::Test {
 protected:
  static std::vector<Tensor> rows() {
    return {{"tenure", "INT64", bytes_of<std::int64_t>({5, 61})},
            {"charges", "FP64", bytes_of<double>({70.35, 20})},
            {"senior", "BOOL", bytes_of<char>({0, 1})},
            {"contract", "BYTES", texts({"Month-to-month", "Two year"})},
            {"signup", "BYTES", texts({"2021-03-04", "2016-02-29"})},
            {"seen", "BYTES", texts({"2021-05-06T07:08:09Z", "2021-05-06T07:08:09.5Z"})}};
  }
  HttpResponse post(const std::vector<Tensor>& tensors, Json request = Json::object(),
                    const std::string& more = "") const {
    request["inputs"] = Json::array();
    std::string binary;
    for (const Tensor& tensor : tensors) {
      request["inputs"].push_back({{"name", tensor.name},
                                   {"datatype", tensor.datatype},
                                   {"shape", {2}},
                                   {"parameters", {{"binary_data_size", tensor.bytes.size()}}}});
      binary += tensor.bytes;
    }
    const std::string json = request.dump();
    const std::string length = std::to_string(json.size());
    const HttpHeader header{"inference-header-content-length", length};
    return service_.post("/v2/models/churn/infer", json + binary + more, {&header, 1});
  }
  std::string refusal(const Tensor& replaced, const std::string& more = "") const {
    std::vector<Tensor> tensors = rows();
    for (Tensor& tensor : tensors) {
      if (std::string_view(tensor.name) == replaced.name) tensor = replaced;
    }
    try {
      return Json::parse(post(tensors, Json::object(), more).body).contains("outputs") ? "" : "?";
    } catch (const Error& error) {
      return error.message();
    }
  }
  [[nodiscard]] std::vector<float> from_json() const {
    return service_.infer(two_rows().dump()).at("outputs")[0].at("data");
  }

  TinyService service_;
};

TEST_F(Binary, GivesWhatJsonGives) {
  EXPECT_EQ(Json::parse(post(rows()).body).at("outputs")[0].at("data").get<std::vector<float>>(),
            from_json());
}

TEST_F(Binary, OutputsMayBeBinaryToo) {
  for (const Json& request :
       {Json::parse(R"({"parameters": {"binary_data_output": true}})"),
        Json::parse(R"({"outputs": [{"name": "probability", "parameters": {"binary_data": true}}]})")}) {
    const HttpResponse answer = post(rows(), request);
    EXPECT_EQ(answer.content_type, "application/octet-stream");
    ASSERT_EQ(answer.headers.at(0).first, "Inference-Header-Content-Length");
    const std::size_t length = std::stoul(answer.headers[0].second);
    const Json json = Json::parse(answer.body.substr(0, length));
    EXPECT_EQ(json.at("outputs")[0].at("parameters").at("binary_data_size"), 8);
    EXPECT_FALSE(json.at("outputs")[0].contains("data"));
    std::vector<float> values(2);
    ASSERT_EQ(answer.body.size(), length + 8);
    std::memcpy(values.data(), answer.body.data() + length, 8);
    EXPECT_EQ(values, from_json());
  }
}

TEST_F(Binary, AnyTypeOfNumberWillDo) {
  const std::vector<float> whole = from_json();
  for (const Tensor& tenure :
       std::vector<Tensor>{{"tenure", "INT8", bytes_of<std::int8_t>({5, 61})},
                           {"tenure", "INT16", bytes_of<std::int16_t>({5, 61})},
                           {"tenure", "INT32", bytes_of<std::int32_t>({5, 61})},
                           {"tenure", "UINT8", bytes_of<std::uint8_t>({5, 61})},
                           {"tenure", "UINT16", bytes_of<std::uint16_t>({5, 61})},
                           {"tenure", "UINT32", bytes_of<std::uint32_t>({5, 61})},
                           {"tenure", "UINT64", bytes_of<std::uint64_t>({5, 61})},
                           {"tenure", "FP32", bytes_of<float>({5, 61})},
                           {"tenure", "FP64", bytes_of<double>({5, 61})},
                           {"tenure", "FP16", bytes_of<std::uint16_t>({0x4500, 0x53a0})},
                           {"tenure", "BF16", bytes_of<std::uint16_t>({0x40a0, 0x4274})}}) {
    std::vector<Tensor> tensors = rows();
    tensors[0] = tenure;
    EXPECT_EQ(Json::parse(post(tensors).body).at("outputs")[0].at("data").get<std::vector<float>>(), whole)
        << tenure.datatype;
  }
}

TEST_F(Binary, NaNAndEmptyDatesAreMissing) {
  std::vector<Tensor> tensors = rows();
  tensors[1].bytes = bytes_of<double>({NAN, 20});
  tensors[4].bytes = texts({"", "2016-02-29"});
  Json request = two_rows({{"name", "charges"}, {"data", {nullptr, 20}}});
  request["inputs"][4]["data"] = {nullptr, "2016-02-29"};
  EXPECT_EQ(Json::parse(post(tensors).body).at("outputs"), service_.infer(request.dump()).at("outputs"));
}

TEST_F(Binary, WhatDoesNotFitIsRefused) {
  EXPECT_EQ(refusal({"tenure", "INT64", bytes_of<std::int64_t>({5})}),
            "input 'tenure' has 8 bytes of binary data, which are not 2 values of INT64");
  EXPECT_EQ(refusal({"tenure", "FP64", bytes_of<double>({5, 5.5})}),
            "row 2, column 'tenure': the binary value is not a whole number within 64 bits");
  EXPECT_NE(refusal({"tenure", "UINT64", bytes_of<std::uint64_t>({5, UINT64_MAX})}).find("row 2"),
            std::string::npos);
  EXPECT_NE(refusal({"charges", "FP64", bytes_of<double>({5, INFINITY})}).find("row 2, column 'charges'"),
            std::string::npos);
  EXPECT_NE(refusal({"senior", "BOOL", bytes_of<char>({0, 2})}).find("row 2"), std::string::npos);
  EXPECT_NE(refusal({"contract", "BYTES", texts({"a", "\xff"})}).find("row 2"), std::string::npos);
  EXPECT_NE(refusal({"signup", "BYTES", texts({"2021-03-04", "soon"})}).find("row 2"), std::string::npos);
  const std::string broken = texts({"a", "b"});
  for (const std::string& bytes : {broken.substr(0, 3), broken.substr(0, 9), broken + "x", std::string(),
                                   bytes_of<std::uint32_t>({UINT32_MAX, 1})}) {
    EXPECT_NE(refusal({"contract", "BYTES", bytes}).find("which are not 2 values of BYTES"),
              std::string::npos);
  }
  EXPECT_EQ(refusal(rows()[0], "x"), "1 bytes follow the JSON that belong to no input");
}

TEST_F(Binary, SizesThatLieAreRefused) {
  for (const char* size : {"18446744073709551615", "1000", "-1", "1e3", "\"8\""}) {
    const std::string json =
        std::string(
            R"({"inputs": [{"name": "tenure", "datatype": "INT64", "shape": [1], "parameters": {"binary_data_size": )") +
        size + "}}]}";
    const std::string length = std::to_string(json.size());
    const HttpHeader header{"Inference-Header-Content-Length", length};
    EXPECT_THROW((void)service_.post("/v2/models/churn/infer", json + "12345678", {&header, 1}), Error)
        << size;
  }
  for (const std::string_view length : {"-1", "x", "99999", "18446744073709551616", "1 "}) {
    const HttpHeader header{"Inference-Header-Content-Length", length};
    EXPECT_THROW((void)service_.post("/v2/models/churn/infer", "{}", {&header, 1}), Error) << length;
  }
}

// Without JSON the body is one tensor: that of a model with one input.
TEST_F(Binary, ARawBodyNeedsAModelOfOneInput) {
  const HttpHeader header{"Inference-Header-Content-Length", "0"};
  try {
    (void)service_.post("/v2/models/churn/infer", "12345678", {&header, 1});
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "the model has 6 inputs, so a request needs a JSON part that names them");
  }
}

}  // namespace
}  // namespace millrace
