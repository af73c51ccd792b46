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

bool ends_before(const Occurrence* a, const Occurrence* b) {
  return std::pair(a->end, a->start) < std::pair(b->end, b->start);
}

// Finds the unit whose end another one began behind: the actor's one before, or for a decoding its latent's hand-over.
class UnitsBefore {
 public:
  explicit UnitsBefore(const Timeline& timeline) {
    for (const Occurrence& unit : timeline.occurrences) {
      by_actor_[unit.actor].push_back({&unit, &unit});
      if (unit.unit == "hand") hands_[unit.request].push_back(&unit);
    }
    for (auto& [actor, units] : by_actor_) {
      std::ranges::stable_sort(units, {}, [](const Place& place) { return place.unit->start; });
      for (std::size_t i = 1; i < units.size(); ++i)
        if (!ends_before(units[i - 1].latest, units[i].unit)) units[i].latest = units[i - 1].latest;
    }
  }

  const Occurrence* of(const Occurrence& unit) const {
    const auto& units = by_actor_.at(unit.actor);
    const auto next = std::ranges::lower_bound(units, unit.start, {}, [](const Place& p) { return p.unit->start; });
    const Occurrence* found = next == units.begin() ? nullptr : std::prev(next)->latest;
    const auto hands = hands_.find(unit.request);
    if (unit.unit != "decode" || hands == hands_.end()) return found;
    for (const Occurrence* hand : hands->second)
      if (hand->start < unit.start && (found == nullptr || ends_before(found, hand))) found = hand;
    return found;
  }

 private:
  struct Place {
    const Occurrence* unit = nullptr;
    const Occurrence* latest = nullptr;  // to end, of those up to it
  };
  std::map<ActorId, std::vector<Place>> by_actor_;  // in the order in which they began
  std::map<RequestId, std::vector<const Occurrence*>> hands_;
};

// The whole job's time, attributed.
Times walk(const program::Program& program, const Timeline& timeline) {
  const UnitsBefore units(timeline);
  std::map<PatternId, Times> known;
  Times sum;
  const auto last = std::ranges::max_element(timeline.occurrences, {}, &Occurrence::end);
  const Occurrence* unit = last == timeline.occurrences.end() ? nullptr : &*last;
  while (unit != nullptr) {
    auto& times = known[unit->pattern];
    if (times.empty()) times = PatternWalk(program, timeline.patterns[index(unit->pattern)]).walk();
    for (const auto& [what, time] : times) sum[what] += time;
    const Occurrence* before = units.of(*unit);
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
