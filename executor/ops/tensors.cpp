#include "executor/ops/tensors.h"

#include <ATen/ops/from_blob.h>
#include <ATen/ops/tensor.h>

#include "core/error.h"
#include "executor/kernels/conditioning.h"
#include "models/hunyuanvideo/schedule.h"

namespace pipedit::executor {

namespace {

at::ScalarType scalar_type(program::DType type) {
  switch (type) {
    case program::DType::f32:
      return at::kFloat;
    case program::DType::bf16:
      return at::kBFloat16;
    case program::DType::u8:
      return at::kByte;
    case program::DType::i64:
      return at::kLong;
  }
  return at::kFloat;
}

at::TensorOptions options_of(at::ScalarType type, int gpu) {
  const at::TensorOptions options(type);
  return gpu < 0 ? options : options.device(at::kCUDA, static_cast<at::DeviceIndex>(gpu));
}

// The device is said twice: else LibTorch would ask the driver whose address it is.
at::Tensor blob(const View& view, std::byte* data, at::IntArrayRef sizes, at::IntArrayRef strides) {
  const at::TensorOptions options = options_of(scalar_type(view.type), view.gpu);
  return at::for_blob(data, sizes).strides(strides).options(options).target_device(options.device()).make_tensor();
}

at::Tensor rows_at(const View& view, std::byte* data, std::int64_t elements) {
  return blob(view, data, {view.rows, elements}, {view.row_stride / program::size_of(view.type), 1});
}

}  // namespace

at::Tensor tensor_at(std::byte* data, at::IntArrayRef sizes, at::ScalarType type, int gpu) {
  const at::TensorOptions options = options_of(type, gpu);
  return at::for_blob(data, sizes).options(options).target_device(options.device()).make_tensor();
}

at::Tensor matrix(const View& view) {
  if (view.slots != 1) throw Error("an operation expects a region of one slot");
  return rows_at(view, view.data, view.elements);
}

at::Tensor slot(const View& view, std::int64_t slot) {
  return rows_at(view, view.data + slot * view.slot_stride, view.elements);
}

at::Tensor slots(const View& view) {
  const std::int64_t size = program::size_of(view.type);
  return blob(view, view.data, {view.slots, view.rows, view.elements},
              {view.slot_stride / size, view.row_stride / size, 1});
}

at::Tensor joined_slots(const View& view) {
  if (view.slot_stride != view.elements * program::size_of(view.type))
    throw Error("an operation expects slots that follow one another in a row");
  return rows_at(view, view.data, view.slots * view.elements);
}

std::array<std::int64_t, 3> latent_sizes(const OpContext& context) {
  return {(context.shape.frames - 1) / models::kTimeCompression + 1, context.shape.height / models::kSpaceCompression,
          context.shape.width / models::kSpaceCompression};
}

std::array<std::int64_t, 3> token_grid(const OpContext& context) {
  std::array<std::int64_t, 3> grid = latent_sizes(context);
  for (std::size_t axis = 0; axis < grid.size(); ++axis) grid[axis] /= context.job.model->dit.patch_size[axis];
  return grid;
}

at::Tensor table_vector(const OpContext& context, const View& table, int i) {
  const std::int64_t width = context.job.model->dit.hidden_size;
  return matrix(table)[context.bindings.step].narrow(0, i * width, width);
}

std::vector<float> sigmas_of(const OpContext& context) {
  return models::hunyuanvideo::sigmas(context.shape.steps, context.job.model->sampler.shift);
}

at::Tensor time_sinusoids(const OpContext& context) {
  const std::vector<float> times = models::hunyuanvideo::timesteps(sigmas_of(context));
  return kernels::sinusoids(at::tensor(times), context.job.model->dit.time_sinusoid);
}

}  // namespace pipedit::executor
