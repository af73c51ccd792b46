#include "executor/transport/cuda_copies.h"

#include "executor/backends/cuda/check.h"
#include "executor/kernels/cuda/copy_box.h"
#include "executor/transport/transport.h"

namespace pipedit::executor {

namespace {

void copy_2d(const std::byte* source, std::int64_t source_pitch, std::byte* target, std::int64_t target_pitch,
             std::int64_t width, std::int64_t height, cudaStream_t stream) {
  const auto size = [](std::int64_t value) { return static_cast<std::size_t>(value); };
  if (height == 1 || (source_pitch == width && target_pitch == width))
    check(cudaMemcpyAsync(target, source, size(width * height), cudaMemcpyDefault, stream));
  else
    check(cudaMemcpy2DAsync(target, size(target_pitch), source, size(source_pitch), size(width), size(height),
                            cudaMemcpyDefault, stream));
}

}  // namespace

bool slots_are_runs(const View& view) { return view.rows == 1 || view.row_stride == row_bytes(view); }

std::int64_t bytes_of(const View& view) { return view.slots * view.rows * row_bytes(view); }

View dense(const View& like, std::byte* data, int gpu) {
  View view = like;
  view.data = data;
  view.row_stride = row_bytes(like);
  view.slot_stride = view.row_stride * like.rows;
  view.gpu = gpu;
  return view;
}

void copy_by_engine(const View& source, const View& target, cudaStream_t stream) {
  if (bytes_of(source) == 0) return;
  if (slots_are_runs(source) && slots_are_runs(target))
    return copy_2d(source.data, source.slot_stride, target.data, target.slot_stride, source.rows * row_bytes(source),
                   source.slots, stream);
  for (std::int64_t slot = 0; slot < source.slots; ++slot)
    copy_2d(source.data + slot * source.slot_stride, source.row_stride, target.data + slot * target.slot_stride,
            target.row_stride, row_bytes(source), source.rows, stream);
}

void copy_by_kernel(const View& source, const View& target, cudaStream_t stream) {
  if (bytes_of(source) == 0) return;
  kernels::cuda::copy_box({.source = source.data,
                           .target = target.data,
                           .slots = source.slots,
                           .rows = source.rows,
                           .row_bytes = row_bytes(source),
                           .source_slot_stride = source.slot_stride,
                           .source_row_stride = source.row_stride,
                           .target_slot_stride = target.slot_stride,
                           .target_row_stride = target.row_stride},
                          stream);
  check(cudaGetLastError());
}

}  // namespace pipedit::executor
