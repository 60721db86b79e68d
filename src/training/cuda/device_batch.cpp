#include "training/cuda/device_batch.hpp"

#include <cstring>

namespace millrace {

namespace {

constexpr std::size_t kPartAlignment = 256;  // of each part

std::size_t rounded_up(std::size_t bytes) {
  return (bytes + kPartAlignment - 1) / kPartAlignment * kPartAlignment;
}

}  // namespace

void DeviceBatch::upload(const Batch& batch, StreamView stream) {
  upload(batch.rows, batch.rows,
         {std::as_bytes(std::span(batch.numeric)), std::as_bytes(std::span(batch.categorical)),
          std::as_bytes(std::span(batch.target)), std::as_bytes(std::span(batch.weight)),
          std::as_bytes(std::span(batch.dropout_key))},
         stream);
}

void DeviceBatch::upload(const BatchView& inputs, StreamView stream) {
  upload(inputs, inputs.rows, stream);
}

void DeviceBatch::upload(const BatchView& inputs, std::size_t rows, StreamView stream) {
  upload(inputs.rows, rows, {std::as_bytes(inputs.numeric), std::as_bytes(inputs.categorical)}, stream);
}

void DeviceBatch::upload(std::size_t given, std::size_t rows, const Parts& parts, StreamView stream) {
  const auto padding = [&](const auto& part) {
    return given == 0 ? 0 : part.size() / given * (rows - given);
  };
  rows_ = rows;
  offsets_.clear();
  std::size_t size = 0;
  for (const auto& part : parts) {
    offsets_.push_back(size);
    size += rounded_up(part.size() + padding(part));
  }
  copied_.wait();
  packed_.reserve(size);
  on_device_.reserve(size);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty()) continue;
    std::memcpy(packed_.data() + offsets_[i], parts[i].data(), parts[i].size());
    std::memset(packed_.data() + offsets_[i] + parts[i].size(), 0, padding(parts[i]));
  }
  copy(on_device_.data(), packed_.data(), size, stream);
  copied_.record(stream);
}

}  // namespace millrace
