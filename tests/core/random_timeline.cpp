#include <algorithm>
#include <tuple>

#include "tests/core/draw.h"
#include "tests/core/random_values.h"

namespace pipedit::tests {

namespace {

SegmentNames random_segment(Random& random, std::size_t ranks) {
  return {.name = draw_text(random),
          .tasks = several(random, 1, 5, [&] {
            return TaskName{.name = draw_text(random),
                            .kind = draw_text(random),
                            .rank = Rank{draw_int(random, 0, static_cast<int>(ranks) - 1)},
                            .lane = draw_of(random, std::array<std::string, 3>{"compute", "send", "copy"})};
          })};
}

Span random_span(Random& random, const Pattern& pattern, const std::vector<SegmentNames>& segments) {
  Span span{.call = draw_id<int>(random, pattern.calls), .task = {}, .start = draw_time(random, 10'000'000), .end = {}};
  const PatternCall& call = pattern.calls[static_cast<std::size_t>(span.call)];
  span.task = draw_id<TaskId>(random, segments[index(call.segment)].tasks);
  span.end = span.start + draw_time(random, 10'000'000);
  return span;
}

Pattern random_pattern(Random& random, const std::vector<SegmentNames>& segments) {
  Pattern pattern;
  pattern.calls = several(random, 1, 4, [&] {
    return PatternCall{.segment = draw_id<SegmentId>(random, segments), .block = draw_int(random, -1, 60)};
  });
  pattern.spans = several(random, 0, 8, [&] { return random_span(random, pattern, segments); });
  std::sort(pattern.spans.begin(), pattern.spans.end(), [](const Span& a, const Span& b) {
    return std::tie(a.start, a.call, a.task) < std::tie(b.start, b.call, b.task);
  });
  return pattern;
}

Occurrence random_occurrence(Random& random, const Timeline& timeline) {
  const Nanos start = draw_time(random, 1'000'000'000'000);
  return {.actor = draw_id<ActorId>(random, timeline.actors),
          .unit = draw_of(random, std::array<std::string, 3>{"begin", "step", "decode"}),
          .request = RequestId{draw_int(random, 0, 9)},
          .ordinal = draw_int(random, 0, 9),
          .step = draw_int(random, -1, 49),
          .alternative = draw_int(random, 0, 1),
          .pattern = draw_id<PatternId>(random, timeline.patterns),
          .start = start,
          .end = start + draw_time(random, 1'000'000'000)};
}

}  // namespace

Timeline random_timeline(Random& random) {
  Timeline timeline;
  timeline.source = draw_text(random);
  timeline.plan = draw_text(random);
  timeline.actors = several(random, 1, 3, [&] { return draw_text(random); });
  timeline.ranks = several(random, 1, 4, [&] {
    return RankUse{.busy = draw_time(random, 1'000'000), .peak = {draw(random, 0, std::int64_t{1} << 40)}};
  });
  timeline.segments = several(random, 1, 3, [&] { return random_segment(random, timeline.ranks.size()); });
  timeline.patterns = several(random, 1, 3, [&] { return random_pattern(random, timeline.segments); });
  timeline.occurrences = several(random, 0, 6, [&] { return random_occurrence(random, timeline); });
  timeline.requests = several(random, 0, 3, [&] {
    const Nanos start = draw_time(random, 1'000'000);
    return RequestSpan{.request = RequestId{draw_int(random, 0, 9)}, .start = start, .end = start + 5ns};
  });
  timeline.makespan = draw_time(random, 1'000'000'000'000);
  timeline.provenance = several(random, 0, 5, [&] { return draw_real(random, 0, 1); });
  timeline.steps = draw(random, 0, 1000);
  timeline.steps_reused = draw(random, 0, timeline.steps);
  return timeline;
}

}  // namespace pipedit::tests
