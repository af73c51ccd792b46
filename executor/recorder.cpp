#include "executor/recorder.h"

#include <algorithm>
#include <tuple>

namespace pipedit::executor {

using namespace program;

namespace {

constexpr std::string_view kUnitNames[] = {"begin", "step", "gather", "hand", "decode"};

struct Measured {
  std::optional<Nanos> start;
  Nanos end{0};
  std::vector<Span> spans;  // on the session's clock
};

void add(Measured& unit, const Recorder::Entry& entry) {
  const auto [start, end] = entry.times;
  if (entry.call < 0) {
    unit.start = unit.start ? std::min(*unit.start, start) : start;
    return;
  }
  unit.end = std::max(unit.end, end);
  unit.spans.push_back({.call = entry.call, .task = TaskId{entry.task}, .start = start, .end = end});
}

std::vector<Measured> by_unit(const std::vector<Recorder>& recorders, std::size_t units) {
  std::vector<Measured> measured(units);
  for (const Recorder& recorder : recorders)
    for (const Recorder::Entry& entry : recorder.entries()) add(measured[static_cast<std::size_t>(entry.unit)], entry);
  return measured;
}

Pattern pattern_of(const UnitRecord& record, Measured& measured) {
  for (Span& span : measured.spans) {
    span.start -= *measured.start;
    span.end -= *measured.start;
  }
  std::sort(measured.spans.begin(), measured.spans.end(), [](const Span& a, const Span& b) {
    return std::tie(a.start, a.call, a.task) < std::tie(b.start, b.call, b.task);
  });
  return {.calls = record.calls, .spans = std::move(measured.spans)};
}

Occurrence occurrence_of(const UnitInstance& unit, PatternId pattern, Nanos start, Nanos end) {
  return {.actor = unit.actor,
          .unit = std::string(kUnitNames[static_cast<int>(unit.unit->kind)]),
          .request = unit.bindings.request,
          .ordinal = unit.ordinal,
          .step = unit.bindings.step,
          .alternative = unit.alternative,
          .pattern = pattern,
          .start = start,
          .end = end};
}

void add_unit(Timeline& timeline, const UnitRecord& record, Measured& measured) {
  if (!measured.start) return;
  const Nanos start = *measured.start, end = std::max(start, measured.end);
  const PatternId pattern{static_cast<int>(timeline.patterns.size())};
  timeline.patterns.push_back(pattern_of(record, measured));
  timeline.occurrences.push_back(occurrence_of(record.instance, pattern, start, end));
  timeline.makespan = std::max(timeline.makespan, end);
  timeline.steps += record.instance.unit->kind == UnitKind::step;
  RequestSpan& request = timeline.requests[index(record.instance.bindings.request)];
  request.end = std::max(request.end, end);
}

Nanos busy(const Program& program, const std::vector<UnitRecord>& records, const Recorder& recorder) {
  Nanos total{0};
  for (const Recorder::Entry& entry : recorder.entries()) {
    if (entry.call < 0) continue;
    const auto& call = records[static_cast<std::size_t>(entry.unit)].calls[static_cast<std::size_t>(entry.call)];
    const Task& task = program.segment(call.segment).tasks[static_cast<std::size_t>(entry.task)];
    if (task.lane == Lane::compute) total += entry.times.end - entry.times.start;
  }
  return total;
}

}  // namespace

Timeline merge(const Program& program, const std::vector<UnitRecord>& records, const std::vector<Nanos>& drawn,
               const std::vector<Recorder>& recorders) {
  Timeline timeline;
  timeline.source = "measured";
  timeline.plan = program.plan;
  timeline.segments = segment_names(program);
  for (const Actor& actor : program.actors) timeline.actors.push_back(actor.name);
  for (std::size_t request = 0; request < drawn.size(); ++request)
    timeline.requests.push_back({.request = RequestId{static_cast<int>(request)}, .start = drawn[request], .end = {}});
  auto measured = by_unit(recorders, records.size());
  for (std::size_t unit = 0; unit < records.size(); ++unit) add_unit(timeline, records[unit], measured[unit]);
  std::stable_sort(
      timeline.occurrences.begin(), timeline.occurrences.end(),
      [](const Occurrence& a, const Occurrence& b) { return std::tie(a.start, a.actor) < std::tie(b.start, b.actor); });
  for (std::size_t rank = 0; rank < recorders.size(); ++rank)
    timeline.ranks.push_back({.busy = busy(program, records, recorders[rank]), .peak = program.memory[rank].device()});
  return timeline;
}

}  // namespace pipedit::executor
