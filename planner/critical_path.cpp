#include "planner/critical_path.h"

#include <algorithm>
#include <map>
#include <optional>

namespace pipedit::planner {

namespace {

constexpr const char* kWaiting = "waiting";

using Times = std::map<std::string, Nanos>;  // by CriticalShare::what

// Walks back through one pattern's spans.
class PatternWalk {
 public:
  PatternWalk(const program::Program& program, const Pattern& pattern) : program_(program), pattern_(pattern) {
    for (std::size_t i = 0; i < pattern.spans.size(); ++i) by_task_[{pattern.spans[i].call, pattern.spans[i].task}] = i;
  }

  // Attributes the time from 0 to the end of the last span.
  Times walk() const {
    Times times;
    auto at = last();
    while (at) {
      const Span& span = pattern_.spans[*at];
      const auto before = predecessor(span);
      const Nanos from = before ? std::max(Nanos{0}, pattern_.spans[*before].end) : Nanos{0};
      const Nanos start = std::max(Nanos{0}, span.start);
      times[std::string(program::name_of(task_of(span).kind))] += std::max(Nanos{0}, span.end - std::max(start, from));
      times[kWaiting] += std::max(Nanos{0}, start - from);
      at = before;
    }
    return times;
  }

 private:
  const program::Segment& segment_of(const Span& span) const {
    return program_.segment(pattern_.calls[static_cast<std::size_t>(span.call)].segment);
  }
  const program::Task& task_of(const Span& span) const { return segment_of(span).tasks[index(span.task)]; }

  std::optional<std::size_t> last() const {
    if (pattern_.spans.empty()) return std::nullopt;
    const auto latest = std::ranges::max_element(pattern_.spans, {}, &Span::end);
    return static_cast<std::size_t>(latest - pattern_.spans.begin());
  }

  // Of what ended no later than the span began, the latest: on its lane, or waited for.
  std::optional<std::size_t> predecessor(const Span& span) const {
    std::optional<std::size_t> found;
    const auto consider = [&](int call, TaskId task) {
      const auto at = by_task_.find({call, task});
      if (at == by_task_.end()) return;
      const Span& other = pattern_.spans[at->second];
      if (other.end > span.start || (other.start == span.start && other.end == span.end)) return;
      if (!found || other.end > pattern_.spans[*found].end) found = at->second;
    };
    const program::Task& task = task_of(span);
    for (const program::Wait& wait : task.waits) {
      if (const auto* done = std::get_if<program::TaskDone>(&wait)) consider(span.call, done->task);
      if (const auto* arrived = std::get_if<program::Arrived>(&wait))
        for (const TaskId sender : senders(segment_of(span), arrived->exchange)) consider(span.call, sender);
    }
    if (const auto before = on_lane_before(span)) consider(before->first, before->second);
    return found;
  }

  static std::vector<TaskId> senders(const program::Segment& segment, ExchangeId exchange) {
    std::vector<TaskId> tasks;
    for (std::size_t i = 0; i < segment.tasks.size(); ++i) {
      const auto* shape = std::get_if<program::ExchangeShape>(&segment.tasks[i].shape);
      if (shape != nullptr && shape->exchange == exchange) tasks.push_back(TaskId{static_cast<int>(i)});
    }
    return tasks;
  }

  // The task in front of it on its rank and lane, in this call or an earlier one of the unit.
  std::optional<std::pair<int, TaskId>> on_lane_before(const Span& span) const {
    const program::Task& task = task_of(span);
    int place = static_cast<int>(span.task) - 1;
    for (int call = span.call; call >= 0; --call) {
      const auto& tasks = program_.segment(pattern_.calls[static_cast<std::size_t>(call)].segment).tasks;
      if (call != span.call) place = static_cast<int>(tasks.size()) - 1;
      for (; place >= 0; --place) {
        const program::Task& other = tasks[static_cast<std::size_t>(place)];
        if (other.rank == task.rank && other.lane == task.lane) return std::pair(call, TaskId{place});
      }
    }
    return std::nullopt;
  }

  const program::Program& program_;
  const Pattern& pattern_;
  std::map<std::pair<int, TaskId>, std::size_t> by_task_;
};

// The unit whose end this one began behind: the actor's one before, or for a decoding its latent's hand-over.
const Occurrence* unit_before(const Timeline& timeline, const Occurrence& unit) {
  const Occurrence* found = nullptr;
  for (const Occurrence& other : timeline.occurrences) {
    const bool handed = unit.unit == "decode" && other.unit == "hand" && other.request == unit.request;
    if (&other == &unit || other.start >= unit.start || (other.actor != unit.actor && !handed)) continue;
    if (found == nullptr || std::pair(other.end, other.start) > std::pair(found->end, found->start)) found = &other;
  }
  return found;
}

// The whole job's time, attributed.
Times walk(const program::Program& program, const Timeline& timeline) {
  std::map<PatternId, Times> known;
  Times sum;
  const auto last = std::ranges::max_element(timeline.occurrences, {}, &Occurrence::end);
  const Occurrence* unit = last == timeline.occurrences.end() ? nullptr : &*last;
  while (unit != nullptr) {
    auto& times = known[unit->pattern];
    if (times.empty()) times = PatternWalk(program, timeline.patterns[index(unit->pattern)]).walk();
    for (const auto& [what, time] : times) sum[what] += time;
    const Occurrence* before = unit_before(timeline, *unit);
    sum[kWaiting] += std::max(Nanos{0}, unit->start - (before == nullptr ? Nanos{0} : before->end));
    unit = before;
  }
  return sum;
}

// Where most of a kind's cost in the program's segments comes from.
std::map<std::string, Provenance> provenances(const program::Program& program, const simulator::CostModel& costs) {
  std::map<std::string, std::map<Provenance, Nanos>> by_kind;
  for (const program::Segment& segment : program.segments) {
    for (const program::Task& task : segment.tasks)
      if (task.kind != program::OpKind::exchange) {
        const simulator::Cost cost = costs.task(program, task);
        by_kind[std::string(program::name_of(task.kind))][cost.provenance] += cost.time;
      }
    for (const program::Exchange& exchange : segment.exchanges)
      for (const program::Part& part : exchange.parts) {
        const simulator::Cost cost = costs.part(program, exchange.transport, part);
        by_kind["exchange"][cost.provenance] += cost.time;
      }
  }
  std::map<std::string, Provenance> most;
  for (const auto& [kind, times] : by_kind)
    most[kind] =
        std::ranges::max_element(times, [](const auto& a, const auto& b) { return a.second < b.second; })->first;
  return most;
}

}  // namespace

std::vector<CriticalShare> critical_path(const program::Program& program, const Timeline& timeline,
                                         const simulator::CostModel& costs) {
  const Times times = walk(program, timeline);
  Nanos total{0};
  for (const auto& [what, time] : times) total += time;
  auto from = provenances(program, costs);
  std::vector<CriticalShare> shares;
  for (const auto& [what, time] : times)
    if (time > Nanos{0})
      shares.push_back({what, static_cast<double>(time.count()) / static_cast<double>(total.count()),
                        from.contains(what) ? from[what] : Provenance::analytic});
  std::ranges::stable_sort(shares, std::greater{}, &CriticalShare::share);
  return shares;
}

}  // namespace pipedit::planner
