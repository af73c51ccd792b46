#include "profiler/settle.h"

#include <algorithm>

#include "profiler/bench_program.h"
#include "profiler/fill.h"

namespace pipedit::profiler {

int repetitions_lasting(Nanos lasting, const std::function<program::Program(int repetitions)>& bench,
                        executor::Backend& backend, const executor::Job& job) {
  constexpr std::int64_t kMost = 500;
  const program::Program two = bench(2);
  const Nanos each = length_from(run_filled(two, backend, job), calls_in(two, 2));
  return static_cast<int>(std::clamp<std::int64_t>(1 + lasting / std::max(each, Nanos{1}), 1, kMost));
}

}  // namespace pipedit::profiler
