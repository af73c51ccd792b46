#include "program/show.h"

#include <fmt/format.h>

#include "program/show/memory.h"
#include "program/show/scripts.h"
#include "program/show/segments.h"
#include "program/show/weights.h"
#include "program/verify/verify.h"

namespace pipedit::program {

namespace {

std::string count_text(std::size_t faults) {
  if (faults == 0) return "no fault found";
  return faults == 1 ? "1 fault" : fmt::format("{} faults", faults);
}

std::string verdict(const Program& program, const Cluster& cluster) {
  const std::vector<Fault> faults = verify(program, cluster);
  std::string text = fmt::format("verifier: {}\n", count_text(faults.size()));
  for (const Fault& fault : faults) text += fmt::format("  {}: {}\n", name_of(fault.kind), fault.message);
  if (const auto reason = does_not_fit(program, cluster)) text += fmt::format("does not fit: {}\n", *reason);
  return text;
}

}  // namespace

std::string show(const Program& program, const Cluster& cluster) {
  std::string text = fmt::format("program of plan {} on {} ({} ranks): {} segments, {} buffers, {} requests\n\n",
                                 program.plan, cluster.name, program.ranks(), program.segments.size(),
                                 program.buffers.size(), program.request_shapes.size());
  text += show_scripts(program);
  for (std::size_t id = 0; id < program.segments.size(); ++id)
    text += show_segment(program, SegmentId{static_cast<int>(id)});
  return text + show_weights(program) + show_memory(program) + verdict(program, cluster);
}

}  // namespace pipedit::program
