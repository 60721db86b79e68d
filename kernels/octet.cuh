// Eight neighbouring elements as floats in registers: what a thread of an elementwise kernel works on. Read
// and written 16 bytes at a time where that is possible.
#pragma once

#include "kernels/bfloat16.hpp"
#include "kernels/launch.cuh"

namespace millrace::kernels {

constexpr unsigned kOctet = 8;

struct Octet {
  float at[kOctet];
};

template <class T>
struct alignas(16) Packet {
  static constexpr unsigned kSize = 16 / sizeof(T);
  T at[kSize];
};

inline __host__ __device__ std::size_t octets(std::size_t n) {
  return n / kOctet + (n % kOctet != 0);
}
// How many of the eight elements from `first` on are below n.
__device__ inline unsigned octet_size(std::size_t first, std::size_t n) {
  return n - first < kOctet ? static_cast<unsigned>(n - first) : kOctet;
}

template <class T>
__device__ inline bool in_packets(const T* at, unsigned count) {
  return count == kOctet && reinterpret_cast<std::uintptr_t>(at) % sizeof(Packet<T>) == 0;
}

// What is not there is 0.
template <class T>
__device__ inline Octet load(const T* from, unsigned count) {
  Octet octet;
  if (in_packets(from, count)) {
    for (unsigned k = 0; k < kOctet; k += Packet<T>::kSize) {
      const Packet<T> packet = *reinterpret_cast<const Packet<T>*>(from + k);
      for (unsigned i = 0; i < Packet<T>::kSize; ++i) octet.at[k + i] = to_float(packet.at[i]);
    }
  } else {
    for (unsigned k = 0; k < kOctet; ++k) octet.at[k] = k < count ? to_float(from[k]) : 0;
  }
  return octet;
}

template <class T>
__device__ inline void store(const Octet& octet, unsigned count, T* to) {
  if (in_packets(to, count)) {
    for (unsigned k = 0; k < kOctet; k += Packet<T>::kSize) {
      Packet<T> packet;
      for (unsigned i = 0; i < Packet<T>::kSize; ++i) packet.at[i] = round_to<T>(octet.at[k + i]);
      *reinterpret_cast<Packet<T>*>(to + k) = packet;
    }
  } else {
    for (unsigned k = 0; k < kOctet; ++k) {
      if (k < count) to[k] = round_to<T>(octet.at[k]);
    }
  }
}

}  // namespace millrace::kernels
