#include "net/client/http_client.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <ctime>

#include <unistd.h>

#include "base/error.hpp"
#include "base/time.hpp"
#include "net/client/curl_handle.hpp"
#include "net/client/retry.hpp"
#include "net/client/transfer.hpp"
#include "net/url.hpp"

namespace millrace {

namespace {

void check_readable(const char* what, const std::string& path) {
  if (!path.empty() && ::access(path.c_str(), R_OK) != 0)
    throw Error(Topic::kTls, "{} '{}' cannot be used: {}", what, path, std::strerror(errno));
}

Error failed(const HttpCall& call, const Trouble& trouble, std::uint32_t attempts) {
  return {trouble.topic,
          "cannot {} '{}': {}{}",
          call.method == "GET" ? "fetch" : "reach",
          call.name.empty() ? shown_address(call.url) : call.name,
          trouble.words,
          attempts > 1 ? fmt::format(" ({} attempts)", attempts) : ""};
}

// Of the attempt that begins now; 0: any.
double answer_seconds(const HttpClientOptions& options, const HttpCall& call, double passed) {
  if (call.seconds <= 0) return options.answer_seconds;
  const double left = std::max(0.001, call.seconds - passed);
  return options.answer_seconds > 0 ? std::min(options.answer_seconds, left) : left;
}

}  // namespace

bool IgnoringCase::operator()(std::string_view a, std::string_view b) const {
  return std::ranges::lexicographical_compare(
      a, b, [](unsigned char left, unsigned char right) { return std::tolower(left) < std::tolower(right); });
}

std::string HttpAnswer::header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

double HttpAnswer::retry_after() const {
  double seconds = 0;
  const std::string text = header("retry-after");
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc() && end == text.data() + text.size()) return std::max(0.0, seconds);
  const std::time_t then = ::curl_getdate(text.c_str(), nullptr);  // -1 for what is no date
  return std::max(0.0, std::difftime(then, std::time(nullptr)));
}

HttpClient::HttpClient(HttpClientOptions options)
    : options_(std::move(options)), handle_(std::make_unique<CurlHandle>()) {
  check_readable("certificate", options_.trust.authorities);
  check_readable("certificate", options_.trust.certificate);
  check_readable("key", options_.trust.key);
}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

HttpAnswer HttpClient::send(const HttpCall& call) {
  const Stopwatch watch;
  for (std::uint32_t count = 1;; ++count) {
    Transfer transfer(*handle_, options_, call, answer_seconds(options_, call, watch.seconds()));
    const auto trouble = transfer.perform();
    const double asked = transfer.answer().retry_after();
    const double pause = wait_before(count, options_.retry_seconds, asked);
    const bool fits = call.seconds <= 0 || (asked <= kLongestWait && watch.seconds() + pause < call.seconds);
    const bool is_last = count >= options_.attempts || !call.repeatable || !fits;
    if (trouble && (is_last || !trouble->passes)) throw failed(call, *trouble, count);
    if (!trouble && (is_last || !passes(transfer.answer().status))) return std::move(transfer.answer());
    wait(pause);
  }
}

void HttpClient::wait_after(std::uint32_t attempt, const HttpAnswer& answer) const {
  wait(wait_before(attempt, options_.retry_seconds, answer.retry_after()));
}

}  // namespace millrace
