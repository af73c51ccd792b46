#include "executor/backends/cpu/temporaries.h"

#include <algorithm>
#include <climits>

#include <malloc.h>

#include <ATen/ops/zeros.h>

namespace pipedit::executor {

namespace {

constexpr int kLargestKept = 32 << 20;  // bytes: glibc maps and unmaps what is larger than that in any case

}  // namespace

void keep_temporaries() {
  ::mallopt(M_MMAP_THRESHOLD, kLargestKept);
  ::mallopt(M_TRIM_THRESHOLD, INT_MAX);
}

void prepare_temporaries(Bytes size) { at::zeros({std::min<std::int64_t>(size.value, kLargestKept / 2)}, at::kByte); }

}  // namespace pipedit::executor
