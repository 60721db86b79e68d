// Requests out of the bytes of a connection: the input's buffer, Beast's parser on it, the body. Knows no
// socket. Nothing is allocated for a request that is no larger than those before. Internal to net/.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/beast/http/basic_parser.hpp>

#include "net/http.hpp"

namespace millrace {

class RequestReader {
 public:
  using ErrorCode = boost::beast::error_code;
  enum class Progress { kMore, kHeader, kWhole };

  // Limits in bytes.
  RequestReader(std::size_t header_limit, std::uint64_t body_limit);

  // Where the next bytes of the connection are to be read to, and that so many have been.
  [[nodiscard]] std::span<char> room();
  void arrived(std::size_t size) { end_ += size; }
  // As far as the bytes go: once to kHeader, then to kWhole; kMore where they do not suffice. What is wrong
  // with them is in `failure`, then nothing more can be read.
  Progress advance(ErrorCode& failure);
  // Done with this request. The bytes behind it stay.
  void next();

  [[nodiscard]] bool empty() const { return begin_ == end_; }  // nothing has arrived behind the last request
  [[nodiscard]] bool has_header() const { return parser_->is_header_done(); }
  [[nodiscard]] bool has_body() const { return has_header() && !parser_->is_done(); }  // that is to come
  [[nodiscard]] std::size_t bytes() const { return taken_; }  // of the request that have been taken
  [[nodiscard]] std::size_t body_bytes() const { return has_header() ? taken_ - header_bytes_ : 0; }
  [[nodiscard]] bool keep_alive() const { return has_header() && parser_->keep_alive(); }
  [[nodiscard]] bool old() const { return old_; }  // HTTP/1.0
  [[nodiscard]] bool head() const { return head_; }
  [[nodiscard]] std::string_view expect() const { return text_of(expect_); }
  [[nodiscard]] std::string_view method() const { return head_ ? "HEAD" : text_of(method_); }
  [[nodiscard]] std::string_view target() const { return text_of(target_); }
  // Valid until next(); client, identity and listener are left out.
  [[nodiscard]] HttpRequest request();

 private:
  // From begin_ on: the buffer may move while a header arrives.
  struct Slice {
    std::size_t at = 0;
    std::size_t size = 0;
  };
  struct Field {
    Slice name;
    Slice value;
  };
  class Parser final : public boost::beast::http::basic_parser<true> {
   public:
    explicit Parser(RequestReader& reader) : reader_(reader) {}

   private:
    using View = boost::beast::string_view;
    using Length = boost::optional<std::uint64_t>;
    void on_request_impl(boost::beast::http::verb, View method, View target, int version,
                         ErrorCode& failure) override;
    void on_response_impl(int, View, int, ErrorCode&) override {}
    void on_field_impl(boost::beast::http::field name, View text, View value, ErrorCode& failure) override;
    void on_header_impl(ErrorCode&) override {}
    void on_body_init_impl(const Length& length, ErrorCode&) override;
    std::size_t on_body_impl(View piece, ErrorCode&) override;
    void on_chunk_header_impl(std::uint64_t, View, ErrorCode&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, View piece, ErrorCode& failure) override;
    void on_finish_impl(ErrorCode&) override;

    RequestReader& reader_;
  };

  [[nodiscard]] bool on_one_line(boost::beast::string_view name, boost::beast::string_view value) const;
  [[nodiscard]] Slice slice_of(boost::beast::string_view text) const;
  [[nodiscard]] std::string_view text_of(const Slice& slice) const {
    return {buffer_.data() + begin_ + slice.at, slice.size};
  }
  bool take(ErrorCode& failure);
  void compact();
  void append(boost::beast::string_view piece) { body_.append(piece.data(), piece.size()); }

  std::size_t header_limit_;
  std::uint64_t body_limit_;
  std::vector<char> buffer_;
  // begin_ … header_end_: the request's header, once it is there. parsed_ … end_: not taken by the parser
  // yet.
  std::size_t begin_ = 0;
  std::size_t header_end_ = 0;
  std::size_t parsed_ = 0;
  std::size_t end_ = 0;
  std::size_t taken_ = 0;
  std::size_t header_bytes_ = 0;
  std::optional<Parser> parser_;
  Slice method_;
  Slice target_;
  Slice expect_;
  bool head_ = false;
  bool old_ = false;
  std::vector<Field> fields_;
  std::vector<HttpHeader> headers_;
  std::string body_;
};

}  // namespace millrace
