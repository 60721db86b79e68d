#include "remote/remote_object.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "remote/xml.hpp"

namespace millrace::remote {

namespace {

constexpr int kWhole = 200;
constexpr int kPart = 206;
constexpr int kChanged = 412;
constexpr int kNoSuchRange = 416;

struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t total = 0;
};

bool take_number(std::string_view& text, std::uint64_t& number, char behind) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto used = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || (behind != '\0' && (used >= text.size() || text[used] != behind))) return false;
  text.remove_prefix(std::min(text.size(), used + 1));
  return true;
}

// "bytes 0-9/443", RFC 9110, 14.4.
std::optional<ContentRange> content_range(const HttpAnswer& answer) {
  const std::string header = answer.header("content-range");
  std::string_view text = header;
  ContentRange range;
  if (!text.starts_with("bytes ")) return std::nullopt;
  text.remove_prefix(6);
  const bool is_sound = take_number(text, range.first, '-') && take_number(text, range.last, '/') &&
                        take_number(text, range.total, '\0') && text.empty();
  return is_sound ? std::optional(range) : std::nullopt;
}

std::uint64_t content_length(const HttpAnswer& answer) {
  const std::string header = answer.header("content-length");
  std::string_view text = header;
  std::uint64_t bytes = 0;
  return take_number(text, bytes, '\0') ? bytes : 0;
}

// A weak one does not tell whether bytes are the same, and If-Match knows none.
std::string strong_etag(const HttpAnswer& answer) {
  const std::string etag = answer.header("etag");
  return etag.starts_with("W/") ? "" : etag;
}

HttpCall request_for(const Address& address, HttpHeaders headers) {
  HttpCall request;
  request.url = address.url;
  request.name = address.name;
  request.follow = address.follow;
  request.headers = [sign = address.sign, headers = std::move(headers)] {
    HttpHeaders all = headers;
    if (sign) {
      const HttpHeaders added = sign(headers);
      all.insert(all.end(), added.begin(), added.end());
    }
    return all;
  };
  return request;
}

Error changed(const std::string& name) {
  return Error(Topic::kFileChanged, "'{}' changed while it was read", name);
}

}  // namespace

Error refused(const std::string& name, const HttpAnswer& answer) {
  std::string words = std::to_string(answer.status);
  if (const std::string code = xml_text(answer.body, "Code"); !code.empty()) {
    words += fmt::format(" {}: {}", code, xml_text(answer.body, "Message"));
  }
  if (const std::string region = answer.header("x-amz-bucket-region");
      !region.empty() && answer.status != 404)
    words += fmt::format("; the bucket is in {}: see data.s3.region", region);
  words = millrace::quoted(words, 300);
  words = words.substr(1, words.size() - 2);
  switch (answer.status) {
    case 404:
      return Error(Topic::kMissingSource, "there is no '{}' ({})", name, words);
    case 401:
    case 403:
      return Error(Topic::kDeniedSource, "'{}' may not be read ({})", name, words);
    default:
      return Error(Topic::kUnreachableSource, "cannot fetch '{}': the server answers {}", name, words);
  }
}

ObjectInfo look_at(HttpClient& client, const Address& address) {
  HttpCall request = request_for(address, {{"range", "bytes=0-0"}});
  request.body_limit = std::size_t{64} << 10U;
  const HttpAnswer answer = client.send(request);
  ObjectInfo object{0, strong_etag(answer), answer.header("x-amz-version-id"), true};
  if (answer.status == kNoSuchRange && answer.header("content-range").ends_with("*/0")) return object;
  if (answer.status == kWhole) {
    object.ranges = false;
    object.bytes = content_length(answer);
    return object;
  }
  const auto range = content_range(answer);
  if (answer.status != kPart || !range) throw refused(address.name, answer);
  object.bytes = range->total;
  return object;
}

void read_range(HttpClient& client, const Address& address, const ObjectInfo& object, std::uint64_t begin,
                std::uint64_t end, const BodySink& sink) {
  HttpHeaders headers{{"range", fmt::format("bytes={}-{}", begin, end - 1)}};
  if (!object.etag.empty()) headers.emplace_back("if-match", object.etag);
  HttpCall request = request_for(address, std::move(headers));
  request.sink_status = kPart;
  request.sink = sink;
  request.bytes = end - begin;
  request.body_limit = std::size_t{64} << 10U;
  const HttpAnswer answer = client.send(request);
  if (answer.status == kChanged || answer.status == kNoSuchRange) throw changed(address.name);
  if (answer.status != kPart) throw refused(address.name, answer);
  const auto range = content_range(answer);
  if (!range || range->first != begin || range->last != end - 1) {
    throw Error(Topic::kUnreachableSource, "cannot fetch '{}': asked for bytes {}-{}, the server sent {}",
                address.name, begin, end - 1, millrace::quoted(answer.header("content-range")));
  }
  if (range->total != object.bytes || strong_etag(answer) != object.etag) throw changed(address.name);
}

std::uint64_t read_whole(HttpClient& client, const Address& address, const BodySink& sink) {
  HttpCall request = request_for(address, {});
  request.sink_status = kWhole;
  request.sink = sink;
  const HttpAnswer answer = client.send(request);
  if (answer.status != kWhole) throw refused(address.name, answer);
  return answer.received;
}

}  // namespace millrace::remote
