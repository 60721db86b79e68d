#include "net/tls.hpp"

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

void check(const error_code& failure, const char* what, const std::string& path) {
  if (failure) throw Error(Topic::kTls, "{} '{}' cannot be used: {}", what, path, failure.message());
}

// OpenSSL itself presents a certificate whatever its date, and it is the other side that refuses it.
void check_date(SSL_CTX* context, const std::string& path) {
  const X509* certificate = ::SSL_CTX_get0_certificate(context);
  if (certificate != nullptr && ::X509_cmp_current_time(::X509_get0_notAfter(certificate)) < 0)
    throw Error(Topic::kTls, "certificate '{}' cannot be used: it has passed its date", path);
}

void load_identity(ssl::context& context, const std::string& certificate, const std::string& key) {
  error_code failure;
  context.use_certificate_chain_file(certificate, failure);
  check(failure, "certificate", certificate);
  const std::string& key_file = key.empty() ? certificate : key;
  context.use_private_key_file(key_file, ssl::context::pem, failure);
  check(failure, "key", key_file);
  check_date(context.native_handle(), certificate);
}

// At least TLS 1.2; memory for records only while they are under way.
TlsContext make_context() {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* handle = context->native_handle();
  ::SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION);
  ::SSL_CTX_set_options(handle, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  ::SSL_CTX_set_mode(handle, SSL_MODE_RELEASE_BUFFERS);
  return context;
}

void demand_certificates(ssl::context& context, const std::string& authorities) {
  error_code failure;
  context.load_verify_file(authorities, failure);
  check(failure, "certificate", authorities);
  context.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
  ::SSL_CTX_set_client_CA_list(context.native_handle(), ::SSL_load_client_CA_file(authorities.c_str()));
}

TlsContext make_server_context(const HttpTls& files) {
  TlsContext context = make_context();
  load_identity(*context, files.certificate, files.key);
  if (!files.client_authorities.empty()) demand_certificates(*context, files.client_authorities);
  constexpr std::string_view kSessions = "millrace";  // whose sessions are resumed
  ::SSL_CTX_set_session_id_context(
      context->native_handle(), reinterpret_cast<const unsigned char*>(kSessions.data()), kSessions.size());
  return context;
}

}  // namespace

// Marked before they are read: what changes in between is read again.
TlsCertificates::TlsCertificates(HttpTls files)
    : files_(std::move(files)), marks_(marks()), context_(make_server_context(files_)) {}

TlsCertificates::Mark TlsCertificates::mark_of(const std::string& path) {
  struct stat status {};
  if (path.empty() || ::stat(path.c_str(), &status) != 0) return {};
  return {status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

TlsCertificates::Marks TlsCertificates::marks() const {
  return {mark_of(files_.certificate), mark_of(files_.key), mark_of(files_.client_authorities)};
}

TlsContext TlsCertificates::current() {
  const std::lock_guard lock(mutex_);
  return context_;
}

void TlsCertificates::refresh() {
  const Marks now = marks();
  if (now == marks_) return;
  marks_ = now;
  try {
    TlsContext renewed = make_server_context(files_);
    const std::lock_guard lock(mutex_);
    context_ = std::move(renewed);
    log_info("certificate '{}' is renewed", files_.certificate);
  } catch (const Error& error) {
    log_warning("{}; the one before stays in use", error.message());
  }
}

}  // namespace millrace
