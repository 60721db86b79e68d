#include "remote/http_client.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <optional>
#include <random>
#include <thread>

#include <curl/curl.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace::remote {

namespace {

constexpr double kLongestWait = 20;  // seconds

// One attempt, as libcurl's callbacks see it.
struct Attempt {
  CURL* curl = nullptr;
  const Request* request = nullptr;
  Answer answer;
  bool cut = false;                    // more than was wanted
  std::exception_ptr failure;          // of the sink, or of the file that is sent
  std::optional<ReadableFile> file{};  // that is sent
  std::uint64_t sent = 0;              // of its bytes

  [[nodiscard]] bool sinks() const { return request->sink && answer.status == request->sink_status; }
};

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return result;
}

// A redirect's headers are followed by those of what it leads to.
std::size_t take_header(char* data, std::size_t size, std::size_t count, void* to) {
  auto& attempt = *static_cast<Attempt*>(to);
  const std::string_view line(data, size * count);
  const auto colon = line.find(':');
  if (line.starts_with("HTTP/")) {
    attempt.answer.headers.clear();
  } else if (colon != std::string_view::npos) {
    attempt.answer.headers[lower(line.substr(0, colon))] = trim(line.substr(colon + 1));
  }
  return line.size();
}

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* to) {
  auto& attempt = *static_cast<Attempt*>(to);
  const std::string_view bytes(data, size * count);
  long status = 0;
  curl_easy_getinfo(attempt.curl, CURLINFO_RESPONSE_CODE, &status);
  attempt.answer.status = static_cast<int>(status);
  const Request& request = *attempt.request;
  if (!attempt.sinks()) {
    const std::size_t room = request.body_limit - attempt.answer.body.size();
    attempt.answer.body += bytes.substr(0, room);
    attempt.cut = bytes.size() > room;
    return attempt.cut ? 0 : bytes.size();
  }
  attempt.cut = request.bytes && attempt.answer.received + bytes.size() > *request.bytes;
  if (attempt.cut) return 0;
  try {
    request.sink(attempt.answer.received, bytes);
  } catch (...) {
    attempt.failure = std::current_exception();
    return 0;
  }
  attempt.answer.received += bytes.size();
  return bytes.size();
}

std::size_t give_body(char* to, std::size_t size, std::size_t count, void* from) {
  auto& attempt = *static_cast<Attempt*>(from);
  try {
    const std::size_t given = attempt.file->read_at(attempt.sent, {to, size * count});
    attempt.sent += given;
    return given;
  } catch (...) {
    attempt.failure = std::current_exception();
    return CURL_READFUNC_ABORT;
  }
}

// A connection that was kept and turns out to be dead: from the beginning, on another.
int rewind_body(void* from, curl_off_t offset, int) {
  static_cast<Attempt*>(from)->sent = static_cast<std::uint64_t>(offset);
  return CURL_SEEKFUNC_OK;
}

// Where the machine has its certificates, if it says so: what curl's and Amazon's own tools look at.
const char* certificates() {
  for (const char* name : {"AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    if (const char* path = std::getenv(name); path != nullptr && *path != '\0') return path;
  }
  return nullptr;
}

bool passes(CURLcode code) {
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_TOO_MANY_REDIRECTS:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_OUT_OF_MEMORY:
      return false;
    default:
      return true;
  }
}

bool passes(int status) {
  return status == 408 || status == 429 || status >= 500;
}

// Seconds before the next attempt: half of it drawn, so that ranks do not come back all at once.
double wait_before(std::uint32_t attempt, double first_wait, const Answer& answer) {
  thread_local std::minstd_rand random(std::random_device{}());
  const double longest =
      std::min(kLongestWait, first_wait * static_cast<double>(1U << std::min(attempt, 10U)));
  const double drawn = std::uniform_real_distribution<double>(longest / 2, longest)(random);
  double asked = 0;
  const std::string header = answer.header("retry-after");
  std::from_chars(header.data(), header.data() + header.size(), asked);
  return std::min(kLongestWait, std::max(drawn, asked));
}

void wait(double seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (std::chrono::steady_clock::now() < end) {
    if (stop_requested())
      throw Error(Topic::kStopped, "stopped while a server was waited for; run again to go on");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

}  // namespace

std::string Answer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

struct HttpClient::Handle {
  CURL* curl = nullptr;
  std::array<char, CURL_ERROR_SIZE> words{};

  Handle() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    curl = curl_easy_init();
    if (curl == nullptr) throw std::bad_alloc();
  }
  ~Handle() { curl_easy_cleanup(curl); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  template <class T>
  void set(CURLoption option, T value) {
    if (const CURLcode code = curl_easy_setopt(curl, option, value); code != CURLE_OK)
      throw internal_error("libcurl option {}: {}", static_cast<int>(option), curl_easy_strerror(code));
  }

  void set_up(const TransferConfig& config, const Request& request, Attempt& attempt) {
    curl_easy_reset(curl);  // keeps the connection
    words[0] = '\0';
    set(CURLOPT_URL, request.url.c_str());
    set_up_body(request, attempt);
    // On a connection that was kept libcurl sends again by itself what got no answer.
    set(CURLOPT_FRESH_CONNECT, request.repeatable ? 0L : 1L);
    set(CURLOPT_PATH_AS_IS, 1L);  // a key may hold ".."
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, request.url.starts_with("https:") ? "https" : "http,https");
    set(CURLOPT_FOLLOWLOCATION, request.follow ? 1L : 0L);
    set(CURLOPT_MAXREDIRS, 5L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(config.connect_seconds * 1000) + 1);
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(config.stall_seconds));
    set(CURLOPT_BUFFERSIZE, 512L << 10U);
    set(CURLOPT_USERAGENT, "millrace");
    set(CURLOPT_ERRORBUFFER, words.data());
    if (const char* path = certificates()) set(CURLOPT_CAINFO, path);
    set(CURLOPT_HEADERFUNCTION, take_header);
    set(CURLOPT_HEADERDATA, &attempt);
    set(CURLOPT_WRITEFUNCTION, take_body);
    set(CURLOPT_WRITEDATA, &attempt);
  }

  void set_up_body(const Request& request, Attempt& attempt) {
    if (!request.body_file.empty()) {
      attempt.file.emplace(request.body_file);
      set(CURLOPT_UPLOAD, 1L);
      set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(attempt.file->size()));
      set(CURLOPT_READFUNCTION, give_body);
      set(CURLOPT_READDATA, &attempt);
      set(CURLOPT_SEEKFUNCTION, rewind_body);
      set(CURLOPT_SEEKDATA, &attempt);
    } else if (!request.body.empty()) {
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      set(CURLOPT_POSTFIELDS, request.body.data());
    }
    if (request.method != "GET") set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }

  // What went wrong; "" where nothing did.
  std::string perform(const TransferConfig& config, const Request& request, Attempt& attempt, bool& again) {
    set_up(config, request, attempt);
    std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> list(nullptr, curl_slist_free_all);
    for (const auto& [name, value] : request.headers ? request.headers() : Headers()) {
      curl_slist* longer = curl_slist_append(list.get(), (name + ": " + value).c_str());
      if (longer == nullptr) throw std::bad_alloc();
      (void)list.release();
      list.reset(longer);
    }
    set(CURLOPT_HTTPHEADER, list.get());
    const CURLcode code = curl_easy_perform(curl);
    if (attempt.failure) std::rethrow_exception(attempt.failure);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    attempt.answer.status = static_cast<int>(status);
    if (attempt.cut && attempt.sinks()) return "it sent more bytes than it was asked for";
    if (code != CURLE_OK && !attempt.cut) {
      again = passes(code);
      return words[0] == '\0' ? curl_easy_strerror(code) : words.data();
    }
    const bool is_short = attempt.sinks() && request.bytes && attempt.answer.received < *request.bytes;
    return is_short ? fmt::format("it sent {} of {} bytes", attempt.answer.received, *request.bytes) : "";
  }
};

HttpClient::HttpClient(const TransferConfig& config) : config_(config), handle_(std::make_unique<Handle>()) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

Answer HttpClient::send(const Request& request) {
  for (std::uint32_t count = 1;; ++count) {
    Attempt attempt;
    attempt.curl = handle_->curl;
    attempt.request = &request;
    bool again = true;
    const std::string trouble = handle_->perform(config_, request, attempt, again);
    const bool is_last = count >= config_.attempts || !again || !request.repeatable;
    if (trouble.empty() && (is_last || !passes(attempt.answer.status))) return std::move(attempt.answer);
    if (is_last) {
      throw Error(Topic::kUnreachableSource, "cannot {} '{}': {} ({} {})",
                  request.method == "GET" ? "fetch" : "reach", request.name, trouble, count,
                  count == 1 ? "attempt" : "attempts");
    }
    wait(wait_before(count - 1, config_.retry_seconds, attempt.answer));
  }
}

void HttpClient::wait_after(std::uint32_t attempt) const {
  wait(wait_before(attempt - 1, config_.retry_seconds, {}));
}

std::string shown_address(const std::string& url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  std::string rest = url.substr(scheme + 3);
  rest = rest.substr(0, rest.find_first_of("?#"));
  const std::string host = rest.substr(0, rest.find('/'));
  if (const auto at = host.rfind('@'); at != std::string::npos) rest.erase(0, at + 1);
  return url.substr(0, scheme + 3) + rest;
}

}  // namespace millrace::remote
