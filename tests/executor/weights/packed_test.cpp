#include "executor/weights/packed.h"

#include <gtest/gtest.h>

#include <ATen/ops/equal.h>

#include "executor/weights/load.h"
#include "executor/weights/random.h"
#include "models/registry.h"
#include "tests/executor/fixture.h"

namespace pipedit::executor {
namespace {

const std::vector<models::WeightSpec>& specs() {
  static const std::vector<models::WeightSpec> kSpecs = models::weights_of(test::fixture_model());
  return kSpecs;
}

void expect_equal(const WeightStore& a, const WeightStore& b) {
  ASSERT_EQ(a.tensors().size(), b.tensors().size());
  for (const auto& [name, tensor] : a.tensors()) {
    EXPECT_EQ(tensor.scalar_type(), b.at(name).scalar_type()) << name;
    EXPECT_TRUE(at::equal(tensor, b.at(name))) << name;
  }
}

TEST(PackedWeights, LieByNameInOneAllocation) {
  int allocations = 0;
  const WeightStore store = packed_weights(specs(), at::kBFloat16, [&](Bytes size) {
    ++allocations;
    return pageable_memory(size);
  });
  EXPECT_EQ(allocations, 1);
  const at::Tensor& first = store.tensors().begin()->second;
  const std::byte* end = static_cast<const std::byte*>(first.const_data_ptr());
  for (const auto& [name, tensor] : store.tensors()) {
    const auto* data = static_cast<const std::byte*>(tensor.const_data_ptr());
    EXPECT_TRUE(tensor.is_alias_of(first)) << name;
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(data) % 256, 0u) << name;
    EXPECT_GE(data, end) << name;
    EXPECT_LT(data, end + 256) << name;
    EXPECT_TRUE(tensor.is_contiguous()) << name;
    end = data + tensor.nbytes();
  }
}

// The memory goes with the last weight in it.
TEST(PackedWeights, OutliveTheStore) {
  bool gone = false;
  at::Tensor kept;
  {
    const WeightStore store = packed_weights(specs(), at::kFloat, [&](Bytes size) {
      HostMemory memory = pageable_memory(size);
      std::byte* data = memory.get();
      return HostMemory(data, [&gone, memory](std::byte*) { gone = true; });
    });
    kept = store.tensors().begin()->second;
  }
  EXPECT_FALSE(gone);
  kept.reset();
  EXPECT_TRUE(gone);
}

TEST(PackedWeights, AreDrawnAsOthersAre) {
  const WeightStore store = packed_weights(specs(), at::kBFloat16);
  draw_weights_into(store, specs(), 3, at::kBFloat16);
  expect_equal(store, random_weights(specs(), 3, at::kBFloat16));
}

TEST(PackedWeights, AreLoadedAsOthersAre) {
  for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
    const WeightStore store = packed_weights(specs(), dtype);
    load_weights_into(store, test::fixture_folder(), specs());
    expect_equal(store, load_weights(test::fixture_folder(), specs(), dtype));
  }
}

}  // namespace
}  // namespace pipedit::executor
