#pragma once

#include "core/timeline.h"
#include "program/program.h"

namespace pipedit::profiler {

// A task of a run's timeline.
struct TimedTask {
  const program::Segment& segment;
  const program::Task& task;
  int call, step;
  Nanos begin{0}, end{0};  // from the run's start

  Nanos time() const { return end - begin; }
};

// Calls with each task that the timeline holds, of every occurrence.
template <class Call>
void for_each_task(const Timeline& timeline, const program::Program& program, Call call) {
  for (const Occurrence& unit : timeline.occurrences) {
    const Pattern& pattern = timeline.patterns[index(unit.pattern)];
    for (const Span& span : pattern.spans) {
      const program::Segment& segment = program.segment(pattern.calls[static_cast<std::size_t>(span.call)].segment);
      call(TimedTask{segment, segment.tasks[index(span.task)], span.call, unit.step, unit.start + span.start,
                     unit.start + span.end});
    }
  }
}

}  // namespace pipedit::profiler
