#include "executor/backends/cpu/temporaries.h"

#include <algorithm>
#include <climits>

#include <malloc.h>

#include <ATen/ops/zeros.h>

namespace pipedit::executor {

namespace {

constexpr int kLargestKept = 32 << 20;  // bytes: glibc maps and unmaps what is not smaller in any case
constexpr int kAtOnce = 4;              // blending, the most: tiles, frames, pixels and their bytes

}  // namespace

void keep_temporaries() {
  ::mallopt(M_MMAP_THRESHOLD, kLargestKept);
  ::mallopt(M_TRIM_THRESHOLD, INT_MAX);
}

void prepare_temporaries(Bytes workspace) {
  at::zeros({std::min<std::int64_t>(kAtOnce * workspace.value, kLargestKept - (1 << 20))}, at::kByte);
}

}  // namespace pipedit::executor
