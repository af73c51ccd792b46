#pragma once

#include <cstddef>
#include <memory>

#include "core/units.h"

namespace pipedit::executor {

struct FreeDevice {
  void operator()(std::byte*) const noexcept;
};
struct FreePinned {
  void operator()(std::byte*) const noexcept;
};
using DeviceMemory = std::unique_ptr<std::byte, FreeDevice>;
using PinnedMemory = std::unique_ptr<std::byte, FreePinned>;

// Plain allocations; zero, or poisoned: every float in it is a NaN. Null for no bytes. Throws Error where memory does
// not suffice.
DeviceMemory device_memory(int device, Bytes, bool poison);
PinnedMemory pinned_memory(Bytes, bool poison);  // copies from and to every device may use it

// LibTorch's allocator, for weights and temporaries, is to grow its segments instead of taking new ones: those of fixed
// sizes leave holes that tiles of other shapes do not fill. A user who sets the allocator up has the last word.
void let_segments_grow();

}  // namespace pipedit::executor
