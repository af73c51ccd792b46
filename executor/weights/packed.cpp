#include "executor/weights/packed.h"

#include <map>
#include <new>

#include <ATen/ops/from_blob.h>

#include "program/weights.h"

namespace pipedit::executor {

namespace {

constexpr std::int64_t kAlignment = program::kWeightAlignment.value;

std::int64_t align_up(std::int64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

std::int64_t bytes_of(const models::Shape& shape, at::ScalarType dtype) {
  return models::elements(shape) * static_cast<std::int64_t>(at::elementSize(dtype));
}

at::Tensor as_bytes(HostMemory memory, std::int64_t size) {
  std::byte* data = memory.get();
  return at::from_blob(
      data, {size}, [memory = std::move(memory)](void*) mutable { memory.reset(); }, at::kByte);
}

}  // namespace

HostMemory pageable_memory(Bytes size) {
  const auto alignment = static_cast<std::align_val_t>(kAlignment);
  return {static_cast<std::byte*>(::operator new(static_cast<std::size_t>(size.value), alignment)),
          [alignment](std::byte* data) { ::operator delete(data, alignment); }};
}

WeightStore packed_weights(const std::vector<models::WeightSpec>& specs, at::ScalarType dtype,
                           const AllocateHost& allocate) {
  std::map<std::string, models::Shape> shapes;
  for (const models::WeightSpec& spec : specs) shapes[spec.name] = spec.shape;
  std::int64_t size = 0;
  for (const auto& [name, shape] : shapes) size += align_up(bytes_of(shape, dtype));
  WeightStore store;
  if (size == 0) return store;
  const at::Tensor all = as_bytes(allocate(Bytes{size}), size);
  std::int64_t offset = 0;
  for (const auto& [name, shape] : shapes) {
    store.insert(name, all.narrow(0, offset, bytes_of(shape, dtype)).view(dtype).view(shape));
    offset += align_up(bytes_of(shape, dtype));
  }
  return store;
}

}  // namespace pipedit::executor
