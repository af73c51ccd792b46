#pragma once

#include <optional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/workload.h"
#include "executor/run_folder/journal.h"
#include "executor/run_folder/run_folder.h"

namespace pipedit::executor {

// What is left of a job.
struct Remaining {
  Workload workload;               // requests that are not finished; those denoised already have 0 steps
  std::vector<RequestId> numbers;  // by request of that workload: its number in the whole job
  std::vector<std::optional<at::Tensor>> latents;  // likewise: [C, T, h, w] of those denoised already
};

// Of a run that stopped: `whole` is its plan's workload. A request counts as denoised when the journal says so and its
// file is whole. Unfinished files are removed, and latents of finished requests where none are kept.
Remaining remaining(const RunFolder&, const JournalContents&, const Workload& whole);

// Of a run that starts: everything.
Remaining everything(const Workload& whole);

}  // namespace pipedit::executor
