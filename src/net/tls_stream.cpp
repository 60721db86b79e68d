#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <openssl/x509.h>

#include "net/tls.hpp"

namespace millrace {

namespace {

namespace asio = boost::asio;

std::string common_name(const X509* certificate) {
  const X509_NAME* subject = ::X509_get_subject_name(certificate);
  const int at = ::X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return {};
  unsigned char* text = nullptr;
  const int size =
      ::ASN1_STRING_to_UTF8(&text, ::X509_NAME_ENTRY_get_data(::X509_NAME_get_entry(subject, at)));
  if (size < 0) return {};
  std::string name(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
  ::OPENSSL_free(text);
  return name;
}

class TlsStream final : public ByteStream {
 public:
  TlsStream(Socket socket, TlsContext context)
      : context_(std::move(context)), stream_(std::move(socket), *context_) {}

  Socket& socket() override { return stream_.next_layer(); }
  void shake_hands(Completion done) override {
    stream_.async_handshake(asio::ssl::stream_base::server, std::move(done));
  }
  void read(asio::mutable_buffer to, Completion done) override {
    stream_.async_read_some(to, std::move(done));
  }
  std::size_t write_now(const Output&) override { return 0; }
  void write(const Output& output, Completion done) override {
    asio::async_write(stream_, output, std::move(done));
  }
  void end(Completion done) override { stream_.async_shutdown(std::move(done)); }

  std::string identity() override {
    if (::SSL_get_verify_result(stream_.native_handle()) != X509_V_OK) return {};
    const std::unique_ptr<X509, decltype(&::X509_free)> certificate(
        ::SSL_get1_peer_certificate(stream_.native_handle()), &::X509_free);
    return certificate ? common_name(certificate.get()) : "";
  }

 private:
  const TlsContext context_;  // outlives the certificate's renewal
  asio::ssl::stream<Socket> stream_;
};

}  // namespace

std::unique_ptr<ByteStream> make_tls_stream(ByteStream::Socket socket, TlsContext context) {
  return std::make_unique<TlsStream>(std::move(socket), std::move(context));
}

}  // namespace millrace
