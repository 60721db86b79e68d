#include "net/client/transfer.hpp"

#include <cstdlib>
#include <new>

namespace millrace {

namespace {

// Where the machine has its certificates, if it says so: what curl's and Amazon's own tools look at.
const char* authorities_of_the_machine() {
  for (const char* name : {"AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    if (const char* path = std::getenv(name); path != nullptr && *path != '\0') return path;
  }
  return nullptr;
}

// Of one side that does not trust the other, or a file that is no certificate.
bool is_about_certificates(CURLcode code, const std::string& words) {
  const auto has = [&](const char* part) { return words.find(part) != std::string::npos; };
  const bool told_by_server = has(" alert ") && (has("certificate") || has("unknown ca"));
  return told_by_server || code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
         code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CLIENTCERT;
}

bool may_pass(CURLcode code) {
  return code != CURLE_UNSUPPORTED_PROTOCOL && code != CURLE_URL_MALFORMAT &&
         code != CURLE_TOO_MANY_REDIRECTS && code != CURLE_OUT_OF_MEMORY;
}

long milliseconds(double seconds) {
  return static_cast<long>(seconds * 1000) + 1;  // 0 would be none
}

}  // namespace

Transfer::Transfer(CurlHandle& curl, const HttpClientOptions& options, const HttpCall& call, double seconds)
    : curl_(curl), options_(options), call_(call), seconds_(seconds), bytes_(call) {}

std::optional<Trouble> Transfer::perform() {
  curl_.reset();
  bytes_.attach(curl_);
  set_request();
  set_headers();
  set_limits();
  set_trust();
  const CURLcode code = curl_.perform();
  bytes_.rethrow();
  bytes_.answer.status = curl_.status();
  if (code != CURLE_OK && !bytes_.cut) return trouble_of(code);
  return trouble_of_body();
}

void Transfer::set_request() {
  curl_.set(CURLOPT_URL, call_.url);
  if (call_.method == "HEAD") {
    curl_.set(CURLOPT_NOBODY, 1L);
  } else if (call_.method != "GET") {
    curl_.set(CURLOPT_CUSTOMREQUEST, call_.method);
  }
  // On a connection that was kept libcurl sends again by itself what got no answer.
  curl_.set(CURLOPT_FRESH_CONNECT, call_.repeatable ? 0L : 1L);
  curl_.set(CURLOPT_PATH_AS_IS, 1L);  // a key may hold ".."
  curl_.set(CURLOPT_PROTOCOLS_STR, "http,https");
  curl_.set(CURLOPT_REDIR_PROTOCOLS_STR, call_.url.starts_with("https:") ? "https" : "http,https");
  curl_.set(CURLOPT_FOLLOWLOCATION, call_.follow ? 1L : 0L);
  curl_.set(CURLOPT_MAXREDIRS, 5L);
  curl_.set(CURLOPT_USERAGENT, "millrace");
  curl_.set(CURLOPT_BUFFERSIZE, 512L << 10U);
  if (!options_.proxies) curl_.set(CURLOPT_NOPROXY, "*");
  if (!options_.socket.empty()) curl_.set(CURLOPT_UNIX_SOCKET_PATH, options_.socket);
}

void Transfer::set_headers() {
  for (const auto& [name, value] : call_.headers ? call_.headers() : HttpHeaders()) {
    curl_slist* longer = curl_slist_append(headers_.get(), (name + ": " + value).c_str());
    if (longer == nullptr) throw std::bad_alloc();
    (void)headers_.release();
    headers_.reset(longer);
  }
  curl_.set(CURLOPT_HTTPHEADER, headers_.get());
}

void Transfer::set_limits() {
  if (options_.connect_seconds > 0)
    curl_.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(options_.connect_seconds));
  if (seconds_ > 0) curl_.set(CURLOPT_TIMEOUT_MS, milliseconds(seconds_));
  // Else libcurl waits for the search for an address that has not ended in time.
  if (call_.seconds > 0) curl_.set(CURLOPT_QUICK_EXIT, 1L);
  curl_.set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_.set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.stall_seconds));
}

void Transfer::set_trust() {
  curl_.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));  // or newer
  const HttpTrust& trust = options_.trust;
  if (!trust.authorities.empty()) {
    curl_.set(CURLOPT_CAINFO, trust.authorities);
    curl_.set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // and nobody else's
  } else if (const char* path = authorities_of_the_machine()) {
    curl_.set(CURLOPT_CAINFO, path);
  }
  if (trust.certificate.empty()) return;
  curl_.set(CURLOPT_SSLCERT, trust.certificate);
  curl_.set(CURLOPT_SSLKEY, trust.key.empty() ? trust.certificate : trust.key);
}

Trouble Transfer::trouble_of(CURLcode code) const {
  std::string words = curl_.words(code);
  const bool is_tls = is_about_certificates(code, words);
  if (code == CURLE_OPERATION_TIMEDOUT && seconds_ > 0)
    words = fmt::format("no answer within {:.3g} s", seconds_);
  if (lacks_certificate(code)) words += "; it may want a certificate of its client";
  return {words, is_tls ? Topic::kTls : options_.unreachable, may_pass(code) && !is_tls};
}

bool Transfer::lacks_certificate(CURLcode code) const {
  const bool is_broken = code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING;
  return is_broken && options_.trust.certificate.empty() && curl_.has_shaken_hands() && curl_.status() == 0;
}

std::optional<Trouble> Transfer::trouble_of_body() const {
  if (!bytes_.sinks()) return std::nullopt;
  if (bytes_.cut) return Trouble{"it sent more bytes than it was asked for", options_.unreachable, true};
  if (!call_.bytes || bytes_.answer.received >= *call_.bytes) return std::nullopt;
  return Trouble{fmt::format("it sent {} of {} bytes", bytes_.answer.received, *call_.bytes),
                 options_.unreachable, true};
}

}  // namespace millrace
