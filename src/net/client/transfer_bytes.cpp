#include "net/client/transfer_bytes.hpp"

#include "base/text.hpp"

namespace millrace {

TransferBytes::TransferBytes(const HttpCall& call) : call_(call) {
  if (!call.body_file.empty()) file_.emplace(call.body_file);
}

void TransferBytes::attach(CurlHandle& curl) {
  curl_ = &curl;
  curl.set(CURLOPT_HEADERFUNCTION, &TransferBytes::on_header);
  curl.set(CURLOPT_HEADERDATA, this);
  curl.set(CURLOPT_WRITEFUNCTION, &TransferBytes::on_body);
  curl.set(CURLOPT_WRITEDATA, this);
  attach_body(curl);
}

void TransferBytes::attach_body(CurlHandle& curl) {
  if (file_) {
    curl.set(CURLOPT_UPLOAD, 1L);
    curl.set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(file_->size()));
    curl.set(CURLOPT_READFUNCTION, &TransferBytes::on_room);
    curl.set(CURLOPT_READDATA, this);
    curl.set(CURLOPT_SEEKFUNCTION, &TransferBytes::on_rewind);
    curl.set(CURLOPT_SEEKDATA, this);
  } else if (!call_.body.empty()) {
    curl.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call_.body.size()));
    curl.set(CURLOPT_POSTFIELDS, call_.body.data());
  }
}

std::size_t TransferBytes::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  static_cast<TransferBytes*>(self)->take_header({data, size * count});
  return size * count;
}

// A redirect's headers are followed by those of what it leads to.
void TransferBytes::take_header(std::string_view line) {
  const auto colon = line.find(':');
  if (line.starts_with("HTTP/")) {
    answer.headers.clear();
  } else if (colon != std::string_view::npos) {
    answer.headers[std::string(line.substr(0, colon))] = trim(line.substr(colon + 1));
  }
}

std::size_t TransferBytes::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& bytes = *static_cast<TransferBytes*>(self);
  try {
    bytes.take_body({data, size * count});
  } catch (...) {
    bytes.failure_ = std::current_exception();
  }
  return bytes.cut || bytes.failure_ ? 0 : size * count;
}

void TransferBytes::take_body(std::string_view bytes) {
  answer.status = curl_->status();
  if (sinks()) return take_for_sink(bytes);
  const std::size_t room = call_.body_limit - answer.body.size();
  answer.body += bytes.substr(0, room);
  cut = bytes.size() > room;
}

void TransferBytes::take_for_sink(std::string_view bytes) {
  cut = call_.bytes && answer.received + bytes.size() > *call_.bytes;
  if (cut) return;
  call_.sink(answer.received, bytes);
  answer.received += bytes.size();
}

std::size_t TransferBytes::on_room(char* to, std::size_t size, std::size_t count, void* self) {
  auto& bytes = *static_cast<TransferBytes*>(self);
  try {
    const std::size_t given = bytes.file_->read_at(bytes.sent_, {to, size * count});
    bytes.sent_ += given;
    return given;
  } catch (...) {
    bytes.failure_ = std::current_exception();
    return CURL_READFUNC_ABORT;
  }
}

// A connection that was kept and turns out to be dead: from the beginning, on another.
int TransferBytes::on_rewind(void* self, curl_off_t offset, int) {
  static_cast<TransferBytes*>(self)->sent_ = static_cast<std::uint64_t>(offset);
  return CURL_SEEKFUNC_OK;
}

}  // namespace millrace
