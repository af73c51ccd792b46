#include "core/timeline.h"

#include <algorithm>

#include <fmt/format.h>

namespace pipedit {

namespace {

std::string full_name(const Occurrence& unit, const std::string& segment, int block, const TaskName& task) {
  std::string name = fmt::format("request {}", index(unit.request));
  if (unit.step >= 0) name += fmt::format(" / step {}", unit.step);
  name += " / " + segment;
  if (block >= 0) name += fmt::format(" {}", block);
  return name + fmt::format(" / {} @ rank {}", task.name, index(task.rank));
}

// In the order of the log: calls, then tasks within them.
std::vector<Span> in_log_order(std::vector<Span> spans) {
  std::stable_sort(spans.begin(), spans.end(),
                   [](const Span& a, const Span& b) { return a.call != b.call ? a.call < b.call : a.task < b.task; });
  return spans;
}

}  // namespace

std::vector<Decision> decisions(const Timeline& timeline) {
  std::vector<Decision> taken;
  for (const Occurrence& unit : timeline.occurrences)
    if (unit.unit == "step") taken.push_back({unit.actor, unit.request, unit.step, unit.alternative});
  std::stable_sort(taken.begin(), taken.end(), [](const Decision& a, const Decision& b) { return a.actor < b.actor; });
  return taken;
}

namespace {

void append(std::vector<TaskInstance>& instances, const Timeline& timeline, const Occurrence& unit,
            const std::vector<Span>& spans) {
  const Pattern& pattern = timeline.patterns[index(unit.pattern)];
  for (const Span& span : spans) {
    const PatternCall& call = pattern.calls[static_cast<std::size_t>(span.call)];
    const SegmentNames& segment = timeline.segments[index(call.segment)];
    const TaskName& task = segment.tasks[index(span.task)];
    instances.push_back({.name = full_name(unit, segment.name, call.block, task),
                         .task = &task,
                         .unit = &unit,
                         .start = unit.start + span.start,
                         .end = unit.start + span.end});
  }
}

}  // namespace

std::vector<TaskInstance> expand(const Timeline& timeline, const Occurrence& unit) {
  std::vector<TaskInstance> instances;
  append(instances, timeline, unit, timeline.patterns[index(unit.pattern)].spans);
  return instances;
}

std::vector<TaskInstance> expand(const Timeline& timeline) {
  std::vector<std::vector<Span>> patterns;
  for (const Pattern& pattern : timeline.patterns) patterns.push_back(in_log_order(pattern.spans));
  std::vector<TaskInstance> instances;
  for (const Occurrence& unit : timeline.occurrences) append(instances, timeline, unit, patterns[index(unit.pattern)]);
  std::stable_sort(instances.begin(), instances.end(),
                   [](const TaskInstance& a, const TaskInstance& b) { return a.start < b.start; });
  return instances;
}

}  // namespace pipedit
