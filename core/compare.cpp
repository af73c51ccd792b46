#include "core/compare.h"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "core/error.h"

namespace pipedit {

namespace {

// A unit's place in the job. Requests are matched by ordinal: which pipeline draws which request may differ.
using UnitKey = std::tuple<ActorId, int, std::string, int>;  // actor, ordinal, unit, step

UnitKey key_of(const Occurrence& o) { return {o.actor, o.ordinal, o.unit, o.step}; }

// A task's place in its unit, and how long it took.
struct Timed {
  SegmentId segment{};
  int block = 0;
  TaskId task{};
  int call = 0;
  Nanos time{0};
  auto place() const { return std::tie(segment, block, task); }
};

std::vector<Timed> timed_tasks(const Pattern& pattern) {
  std::vector<Timed> tasks;
  tasks.reserve(pattern.spans.size());
  for (const Span& span : pattern.spans) {
    const PatternCall& call = pattern.calls[static_cast<std::size_t>(span.call)];
    tasks.push_back({call.segment, call.block, span.task, span.call, span.end - span.start});
  }
  std::sort(tasks.begin(), tasks.end(), [](const Timed& a, const Timed& b) {
    return std::tie(a.segment, a.block, a.task, a.call) < std::tie(b.segment, b.block, b.task, b.call);
  });
  return tasks;
}

// Calls predicted and measured in turn, or one of them with null, in ascending order of key; equal keys pair up in the
// order in which they come.
template <class Items, class Key, class Pair>
void join(const Items& predicted, const Items& measured, Key key, Pair pair) {
  auto p = predicted.begin();
  auto m = measured.begin();
  while (p != predicted.end() || m != measured.end()) {
    if (m == measured.end() || (p != predicted.end() && key(*p) < key(*m)))
      pair(&*p++, nullptr);
    else if (p == predicted.end() || key(*m) < key(*p))
      pair(nullptr, &*m++);
    else
      pair(&*p++, &*m++);
  }
}

// Of the middle; of the two in the middle their mean. Reorders.
double median(std::vector<double>& values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

double relative_error(Nanos predicted, Nanos measured) {
  return static_cast<double>(predicted.count()) / static_cast<double>(measured.count()) - 1;
}

class Join {
 public:
  Join(const Timeline& predicted, const Timeline& measured) : predicted_(predicted), measured_(measured) {
    for (const Pattern& pattern : predicted.patterns) predicted_tasks_.push_back(timed_tasks(pattern));
    for (const Pattern& pattern : measured.patterns) measured_tasks_.push_back(timed_tasks(pattern));
  }

  Comparison run() {
    result_.predicted = predicted_.makespan;
    result_.measured = measured_.makespan;
    if (measured_.makespan > Nanos{0}) result_.end_to_end_error = relative_error(result_.predicted, result_.measured);
    join(by_key(predicted_.occurrences), by_key(measured_.occurrences), key_of,
         [&](const Occurrence* p, const Occurrence* m) { units(p, m); });
    for (auto& [kind, error] : kinds_) {
      error.first.kind = kind;
      error.first.median_error = median(error.second);
      result_.by_kind.push_back(error.first);
    }
    return std::move(result_);
  }

 private:
  static std::vector<Occurrence> by_key(std::vector<Occurrence> units) {
    std::stable_sort(units.begin(), units.end(),
                     [](const Occurrence& a, const Occurrence& b) { return key_of(a) < key_of(b); });
    return units;
  }

  void units(const Occurrence* predicted, const Occurrence* measured) {
    static const std::vector<Timed> none;
    const auto& p = predicted == nullptr ? none : predicted_tasks_[index(predicted->pattern)];
    const auto& m = measured == nullptr ? none : measured_tasks_[index(measured->pattern)];
    join(
        p, m, [](const Timed& t) { return t.place(); }, [&](const Timed* a, const Timed* b) { tasks(a, b); });
    if (predicted != nullptr && measured != nullptr && predicted->alternative != measured->alternative)
      result_.decisions_that_differ.push_back(
          {measured->actor, measured->request, measured->step, measured->alternative});
  }

  void tasks(const Timed* predicted, const Timed* measured) {
    if (predicted == nullptr || measured == nullptr) {
      ++(predicted != nullptr ? result_.only_predicted : result_.only_measured);
      return;
    }
    auto& [error, errors] = kinds_[predicted_.segments[index(predicted->segment)].tasks[index(predicted->task)].kind];
    ++error.count;
    error.predicted += predicted->time;
    error.measured += measured->time;
    if (predicted->time > Nanos{0} && measured->time > Nanos{0})
      errors.push_back(relative_error(predicted->time, measured->time));
  }

  const Timeline& predicted_;
  const Timeline& measured_;
  std::vector<std::vector<Timed>> predicted_tasks_, measured_tasks_;  // by pattern
  std::map<std::string, std::pair<KindError, std::vector<double>>> kinds_;
  Comparison result_;
};

void check_same_program(const Timeline& predicted, const Timeline& measured) {
  if (measured.requests.size() < predicted.requests.size())
    throw InputError(
        fmt::format("{} requests were predicted and {} measured: a run that is resumed measures what was left",
                    predicted.requests.size(), measured.requests.size()));
  if (predicted.actors != measured.actors)
    throw InputError(fmt::format("not of the same program: {} and {} actors, or others", predicted.actors.size(),
                                 measured.actors.size()));
  if (predicted.segments.size() != measured.segments.size())
    throw InputError(fmt::format("not of the same program: {} and {} segments", predicted.segments.size(),
                                 measured.segments.size()));
  for (std::size_t i = 0; i < predicted.segments.size(); ++i)
    if (predicted.segments[i] != measured.segments[i])
      throw InputError(fmt::format("not of the same program: segment {} is \"{}\" and \"{}\", or has other tasks", i,
                                   predicted.segments[i].name, measured.segments[i].name));
}

}  // namespace

Comparison compare(const Timeline& predicted, const Timeline& measured) {
  check_same_program(predicted, measured);
  return Join(predicted, measured).run();
}

}  // namespace pipedit
