#include "training/cpu/dense.hpp"

#include <algorithm>

#include <cblas.h>

namespace millrace {

namespace {

blasint blas(std::size_t size) {
  return static_cast<blasint>(size);
}
bool is_empty(const DenseShape& shape) {
  return shape.rows == 0 || shape.in == 0 || shape.out == 0;
}

}  // namespace

void fill_with_bias(const float* bias, std::size_t rows, std::size_t out, float* to) {
  for (std::size_t r = 0; r < rows; ++r) std::copy_n(bias, out, to + r * out);
}

void add_forward(const DenseShape& shape, const float* from, const float* weight, float* to) {
  if (is_empty(shape)) return;
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, blas(shape.rows), blas(shape.out), blas(shape.in), 1,
              from, blas(shape.in), weight, blas(shape.in), 1, to, blas(shape.out));
}

void add_weight_gradient(const DenseShape& shape, const float* delta, const float* from, float* gradient) {
  if (is_empty(shape)) return;
  cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, blas(shape.out), blas(shape.in), blas(shape.rows), 1,
              delta, blas(shape.out), from, blas(shape.in), 1, gradient, blas(shape.in));
}

void add_bias_gradient(const DenseShape& shape, const float* delta, float* gradient) {
  for (std::size_t r = 0; r < shape.rows; ++r) {
    const float* row = delta + r * shape.out;
    for (std::size_t o = 0; o < shape.out; ++o) gradient[o] += row[o];
  }
}

void input_delta(const DenseShape& shape, const float* delta, const float* weight, std::size_t first,
                 float keep, float* to) {
  const std::size_t columns = shape.in - first;
  if (is_empty(shape) || columns == 0) return;
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, blas(shape.rows), blas(columns), blas(shape.out), 1,
              delta, blas(shape.out), weight + first, blas(shape.in), keep, to, blas(columns));
}

}  // namespace millrace
