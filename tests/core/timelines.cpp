#include "tests/core/timelines.h"

namespace pipedit::tests {

Timeline two_ranks() {
  Timeline timeline;
  timeline.source = "simulated";
  timeline.plan = "pipesp";
  timeline.actors = {"denoise 0"};
  timeline.segments = {{.name = "block",
                        .tasks = {{"attention[0]", "attention", Rank{0}, "compute"},
                                  {"attention[0]", "attention", Rank{1}, "compute"},
                                  {"exchange O", "exchange", Rank{1}, "send"}}}};
  timeline.patterns = {{.calls = {{SegmentId{0}, 0}, {SegmentId{0}, 1}},
                        .spans = {{0, TaskId{0}, 0ns, 100ns},
                                  {0, TaskId{1}, 0ns, 200ns},
                                  {1, TaskId{0}, 100ns, 200ns},
                                  {0, TaskId{2}, 200ns, 240ns}}}};
  timeline.occurrences = {step(3, 0, 0, 1'000ns), step(3, 1, 0, 2'000ns)};
  timeline.requests = {{RequestId{3}, 1'000ns, 3'000ns}};
  timeline.ranks = {{400ns, {}}, {400ns, {}}};
  timeline.makespan = 3'000ns;
  timeline.steps = 2;
  return timeline;
}

Occurrence step(int request, int step, int pattern, Nanos start) {
  return {.actor = ActorId{0},
          .unit = "step",
          .request = RequestId{request},
          .ordinal = 0,
          .step = step,
          .alternative = 0,
          .pattern = PatternId{pattern},
          .start = start,
          .end = start + 1'000ns};
}

}  // namespace pipedit::tests
