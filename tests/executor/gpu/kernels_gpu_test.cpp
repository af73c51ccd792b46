#include <gtest/gtest.h>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/zeros.h>

#include "executor/weights/random.h"
#include "tests/executor/fixture.h"
#include "tests/executor/gpu/gpu_run.h"

namespace pipedit::executor::test {
namespace {

const at::Device kGpu(at::kCUDA, 0);

double error_of(const at::Tensor& found, const at::Tensor& expected) {
  const at::Tensor a = found.cpu().to(at::kDouble), b = expected.cpu().to(at::kDouble);
  const double error = ((a - b).norm() / b.norm()).item<double>();
  return std::isnan(error) ? INFINITY : error;
}

at::Tensor drawn(at::IntArrayRef shape, at::ScalarType type) { return at::randn(shape, at::kFloat).to(type); }

class GpuKernels : public testing::TestWithParam<at::ScalarType> {
 protected:
  double bound() const { return GetParam() == at::kFloat ? 1e-6 : 5e-3; }
  at::Tensor drawn(at::IntArrayRef shape) const { return test::drawn(shape, GetParam()); }
  kernels::KernelSet set = kernels::cuda::kernel_set(GetParam());
};

// 48 bf16 numbers are six accesses, less than a warp; 3080 are one more than 3 a thread; 8000 are held by a whole
// block.
TEST_P(GpuKernels, ModulateAsOnACpu) {
  for (const std::int64_t width : {48, 64, 3072, 3080, 5120, 8000})
    for (const std::int64_t rows : {1, 77, 2051}) {  // few rows, and many that do not fill the last block
      if (width * rows > 7'000'000) continue;
      const at::Tensor x = drawn({rows, width}), shift = drawn({width}), scale = drawn({width});
      const at::Tensor expected = at::empty_like(x), found = at::full_like(x, NAN).to(kGpu);
      kernels::modulate(x.to(at::kDouble), shift.to(at::kDouble), scale.to(at::kDouble), 1e-6, expected);
      set.modulate(x.to(kGpu), shift.to(kGpu), scale.to(kGpu), 1e-6, found);
      EXPECT_LE(error_of(found, expected), bound()) << rows << " x " << width;
    }
}

// However a plan cuts rows into calls.
TEST_P(GpuKernels, ModulatedRowsDoNotDependOnTheirNumber) {
  for (const std::int64_t width : {64, 3072, 5120}) {
    const at::Tensor x = (drawn({2050, width}) * 3 + 1).to(kGpu), shift = drawn({width}).to(kGpu),
                     scale = drawn({width}).to(kGpu);
    const at::Tensor whole = at::empty_like(x), part = at::empty_like(x.narrow(0, 0, 7));
    set.modulate(x, shift, scale, 1e-6, whole);
    set.modulate(x.narrow(0, 1001, 7), shift, scale, 1e-6, part);
    EXPECT_EQ(max_difference(part, whole.narrow(0, 1001, 7)), 0) << width;
  }
}

TEST_P(GpuKernels, GatedAddAsOnACpu) {
  for (const std::int64_t width : {48, 3072, 3080}) {
    const at::Tensor hidden = drawn({77, width}), x = drawn({77, width}), gate = drawn({width});
    const at::Tensor on_gpu = hidden.to(kGpu);
    kernels::gated_add(hidden, gate, x);
    set.gated_add(on_gpu, gate.to(kGpu), x.to(kGpu));
    EXPECT_LE(error_of(on_gpu, hidden), bound()) << width;
  }
}

// From [slot][row][dim] to where a slot is some columns of a row, and nothing beside them.
TEST_P(GpuKernels, SlotsAreCopiedToTheirPlaceAlone) {
  for (const std::int64_t dim : {16, 24, 127}) {  // 127 numbers are no whole accesses
    const at::Tensor x = drawn({3, 77, dim}).to(kGpu);
    const at::Tensor rows = at::zeros({70, 5 * dim}, x.options());
    const at::Tensor out = rows.narrow(0, 1, 60).view({60, 5, dim}).narrow(1, 1, 3).transpose(0, 1);
    set.copy_slots(x.narrow(1, 7, 60), out);
    EXPECT_EQ(max_difference(out, x.narrow(1, 7, 60)), 0) << dim;
    EXPECT_EQ((rows != 0).sum().item<std::int64_t>(), (x.narrow(1, 7, 60) != 0).sum().item<std::int64_t>()) << dim;
  }
}

TEST_P(GpuKernels, MlpUpAsOnACpu) {
  const kernels::Linear layer{drawn({256, 128}) * 0.1, drawn({256})};
  const kernels::Linear on_gpu{layer.weight.to(kGpu), layer.bias.to(kGpu)};
  const at::Tensor x = drawn({77, 128}), expected = at::empty({77, 256}, at::kDouble);
  const at::Tensor found = at::full({77, 256}, NAN, at::TensorOptions(GetParam()).device(kGpu));
  kernels::mlp_up(x.to(at::kDouble), {layer.weight.to(at::kDouble), layer.bias.to(at::kDouble)}, expected);
  set.mlp_up(x.to(kGpu), on_gpu, found);
  EXPECT_LE(error_of(found, expected), bound());
}

TEST_P(GpuKernels, PackAsOnACpu) {
  constexpr std::int64_t kRows = 45, kHeads = 70;  // more heads than one launch takes
  for (const std::int64_t dim : {16, 24, 128}) {   // 24: not a power of two of accesses

    const at::Tensor projected = drawn({kRows, kHeads * dim}), gain = drawn({dim});
    const auto rope = kernels::rope_tables({3, 3, 4}, {dim / 4, dim / 4, dim / 2}, 256, {0, kRows});
    const kernels::RopeTables on_gpu{rope.cos.to(kGpu), rope.sin.to(kGpu)};
    const at::Tensor expected = at::empty({kHeads, kRows, dim}, GetParam());
    const at::Tensor found = at::full_like(expected, NAN).to(kGpu);
    std::vector<kernels::PackedHead> heads, gpu_heads;
    for (std::int64_t head = 0; head < kHeads; ++head) {
      heads.push_back({kHeads - 1 - head, expected[head]});
      gpu_heads.push_back({kHeads - 1 - head, found[head]});
    }
    kernels::pack(projected, dim, {.gain = gain, .eps = 1e-6, .rope = &rope}, heads);
    set.pack(projected.to(kGpu), dim, {.gain = gain.to(kGpu), .eps = 1e-6, .rope = &on_gpu}, gpu_heads);
    EXPECT_LE(error_of(found, expected), bound()) << dim;
    kernels::pack(projected, dim, {}, heads);
    set.pack(projected.to(kGpu), dim, {}, gpu_heads);
    EXPECT_EQ(error_of(found, expected), 0) << dim;
  }
}

TEST_P(GpuKernels, NormalsAsOnACpu) {
  at::Tensor expected = at::empty({1'000'003}, GetParam()), found = at::empty({1'000'003}, GetParam()).to(kGpu);
  fill_normal(expected, 11, "a name", 0.5, 2);
  kernels::cuda::fill_normal(found, 11, "a name", 0.5, 2);
  EXPECT_LE(error_of(found, expected), GetParam() == at::kFloat ? 1e-6 : 1e-4);
}

INSTANTIATE_TEST_SUITE_P(Types, GpuKernels, testing::Values(at::kFloat, at::kBFloat16),
                         [](const testing::TestParamInfo<at::ScalarType>& test) {
                           return test.param == at::kFloat ? "fp32" : "bf16";
                         });

std::vector<std::string> with_fa3(std::vector<std::string> names) {
  if (!fa3_library().empty()) names.push_back("fa3");
  return names;
}

class GpuAttention : public testing::TestWithParam<std::string> {
 protected:
  static constexpr std::int64_t kHeads = 3, kRows = 1000, kDim = 128;

  at::Tensor attend(const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values,
                    std::int64_t first_row = 0) const {
    const at::Tensor out = at::full_like(queries, NAN);
    const std::vector<kernels::AttentionHeads> items{{queries, first_row, keys, values, out}};
    set.attention(items);
    return out;
  }
  at::Tensor drawn() const { return test::drawn({kHeads, kRows, kDim}, at::kBFloat16).to(kGpu); }

  kernels::KernelSet set =
      kernels::cuda::kernel_set(at::kBFloat16, {.attention = GetParam(), .fa3_library = fa3_library()});
  at::Tensor q = drawn(), k = drawn(), v = drawn();
};

TEST_P(GpuAttention, IsSoftmaxOfProducts) {
  const auto wide = [](const at::Tensor& x) { return x.to(at::kDouble); };
  const at::Tensor weights = at::softmax(wide(q).matmul(wide(k).transpose(1, 2)) / std::sqrt(128.0), 2);
  EXPECT_LE(error_of(attend(q, k, v), weights.matmul(wide(v))), 5e-3);
}

class ExactGpuAttention : public GpuAttention {};

TEST_P(ExactGpuAttention, HeadsAndRowGroupsAreBitEqual) {
  const at::Tensor whole = attend(q, k, v);
  for (std::int64_t head = 0; head < kHeads; ++head) {
    const auto one = [&](const at::Tensor& x) { return x.narrow(0, head, 1); };
    EXPECT_EQ(max_difference(attend(one(q), one(k), one(v)), one(whole)), 0) << "head " << head;
  }
  for (std::int64_t first = 0; first < kRows; first += 256) {
    const std::int64_t rows = std::min<std::int64_t>(256, kRows - first);
    EXPECT_EQ(max_difference(attend(q.narrow(1, first, rows), k, v, first), whole.narrow(1, first, rows)), 0) << first;
  }
}

// Into one head's columns of a wider row, from slots that are further apart than their rows.
TEST_P(GpuAttention, StridesAreFree) {
  const at::Tensor whole = attend(q, k, v);
  const at::Tensor spread = at::full({kHeads, kRows + 8, kDim}, NAN, q.options());
  const at::Tensor rows = spread.narrow(1, 0, kRows);
  rows.copy_(q);
  const at::Tensor wide = at::full({kRows, (kHeads + 1) * kDim}, NAN, q.options());
  const at::Tensor out = wide.narrow(1, kDim, kHeads * kDim).view({kRows, kHeads, kDim}).transpose(0, 1);
  const std::vector<kernels::AttentionHeads> items{{rows, 0, k, v, out}};
  set.attention(items);
  EXPECT_EQ(max_difference(out, whole), 0);
}

std::string name_of(const testing::TestParamInfo<std::string>& test) { return test.param; }

INSTANTIATE_TEST_SUITE_P(Kernels, GpuAttention, testing::ValuesIn(with_fa3({"cudnn", "fa2"})), name_of);

// The others may sum in another order when a call has fewer heads or rows.
INSTANTIATE_TEST_SUITE_P(Kernels, ExactGpuAttention, testing::ValuesIn(with_fa3({"reference"})), name_of);

}  // namespace
}  // namespace pipedit::executor::test
