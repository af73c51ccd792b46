#include "cli/report/strips.h"

#include <algorithm>

#include <fmt/format.h>

namespace pipedit::cli::report {

namespace {

using Bars = std::vector<Bar> Strip::*;
using Place = std::pair<Rank, std::string>;  // a rank's lane, or all of a rank

struct Builder {
  std::map<Place, Strip> strips;
  Chart chart;

  int colour_of(const std::string& meaning) {
    return chart.colours.emplace(meaning, static_cast<int>(chart.colours.size())).first->second;
  }
  void add(const Place& place, Bars side, Bar bar) {
    chart.span = std::max(chart.span, bar.end);
    (strips[place].*side).push_back(std::move(bar));
  }
  Chart finished() {
    for (auto& [place, strip] : strips) {
      strip.label = fmt::format("rank {} {}", index(place.first), place.second);
      chart.bars += strip.predicted.size();
      chart.strips.push_back(std::move(strip));
    }
    return std::move(chart);
  }
};

const Occurrence* find_step(const Timeline& timeline, int step) {
  for (const Occurrence& unit : timeline.occurrences)
    if (unit.unit == "step" && unit.step == step && unit.ordinal == 0 && unit.actor == ActorId{0}) return &unit;
  return nullptr;
}

const TaskName& task_of(const Timeline& timeline, const Pattern& pattern, const Span& span) {
  const SegmentId segment = pattern.calls[static_cast<std::size_t>(span.call)].segment;
  return timeline.segments[index(segment)].tasks[index(span.task)];
}

void add_step(Builder& builder, const Timeline& timeline, int step, Bars side) {
  const Occurrence* unit = find_step(timeline, step);
  if (unit == nullptr) return;
  const Pattern& pattern = timeline.patterns[index(unit->pattern)];
  for (const Span& span : pattern.spans) {
    const PatternCall& call = pattern.calls[static_cast<std::size_t>(span.call)];
    const TaskName& task = task_of(timeline, pattern, span);
    std::string title = timeline.segments[index(call.segment)].name;
    if (call.block >= 0) title += fmt::format(" {}", call.block);
    builder.add({task.rank, task.lane}, side,
                {span.start, span.end, builder.colour_of(task.kind), title + " / " + task.name});
  }
}

// From first task to last, by rank.
std::map<Rank, std::pair<Nanos, Nanos>> extents(const Timeline& timeline, const Pattern& pattern) {
  std::map<Rank, std::pair<Nanos, Nanos>> found;
  for (const Span& span : pattern.spans) {
    auto& [start, end] =
        found.emplace(task_of(timeline, pattern, span).rank, std::pair(span.start, span.end)).first->second;
    start = std::min(start, span.start);
    end = std::max(end, span.end);
  }
  return found;
}

std::string meaning_of(const Occurrence& unit) {
  if (unit.unit != "step") return unit.unit;
  return fmt::format("step, {} request{}", unit.ordinal % 2 == 0 ? "even" : "odd",
                     unit.alternative > 0 ? ", with helpers" : "");
}

void add_run(Builder& builder, const Timeline& timeline, Bars side) {
  std::vector<std::map<Rank, std::pair<Nanos, Nanos>>> patterns;
  for (const Pattern& pattern : timeline.patterns) patterns.push_back(extents(timeline, pattern));
  for (const Occurrence& unit : timeline.occurrences) {
    std::string title = fmt::format("request {} / {}", index(unit.request), unit.unit);
    if (unit.step >= 0) title += fmt::format(" {}", unit.step);
    for (const auto& [rank, extent] : patterns[index(unit.pattern)])
      builder.add({rank, ""}, side,
                  {unit.start + extent.first, unit.start + extent.second, builder.colour_of(meaning_of(unit)), title});
  }
}

}  // namespace

int middle_step(const Timeline& timeline) {
  int last = 0;
  for (const Occurrence& unit : timeline.occurrences)
    if (unit.ordinal == 0 && unit.actor == ActorId{0}) last = std::max(last, unit.step);
  return last / 2;
}

Chart chart_of_step(const Timeline& predicted, const Timeline& measured, int step) {
  Builder builder;
  add_step(builder, predicted, step, &Strip::predicted);
  add_step(builder, measured, step, &Strip::measured);
  return builder.finished();
}

Chart chart_of_run(const Timeline& predicted, const Timeline& measured) {
  Builder builder;
  add_run(builder, predicted, &Strip::predicted);
  add_run(builder, measured, &Strip::measured);
  return builder.finished();
}

}  // namespace pipedit::cli::report
