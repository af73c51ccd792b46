#include "executor/unit_run.h"

#include <algorithm>

#include <fmt/format.h>

namespace pipedit::executor {

using namespace program;

UnitRun::UnitRun(const Program& program, const std::vector<SegmentTable>& tables, const UnitInstance& instance, int id)
    : program_(&program), tables_(&tables), instance_(instance), id_(id), calls_(calls_of(program, instance)) {
  ranks_ = program.actors[index(instance.actor)].ranks;
  const std::vector<Rank>& lent = instance.chosen().lent;
  ranks_.insert(ranks_.end(), lent.begin(), lent.end());
  first_event_.push_back(0);
  for (int call = 0; call < static_cast<int>(calls_.size()); ++call)
    first_event_.push_back(first_event_.back() + static_cast<int>(table(call).counts.size()));
}

void UnitRun::prepare(Session& session, const UnitRun* previous, const Tails& tails) {
  std::vector<int> counts;
  counts.reserve(static_cast<std::size_t>(first_event_.back()) + 2);
  for (int call = 0; call < static_cast<int>(calls_.size()); ++call)
    counts.insert(counts.end(), table(call).counts.begin(), table(call).counts.end());
  counts.push_back(static_cast<int>(ranks_.size()) * kBarrierLanes);
  counts.push_back(static_cast<int>(ranks_.size()) * kLanes);
  events_ = session.make_events(counts);
  if (previous != nullptr) gate_ = {previous->finished(), previous->events_};
  tails_ = tails;
}

const Task& UnitRun::task(int call, int task) const {
  return calls_[static_cast<std::size_t>(call)].segment->tasks[static_cast<std::size_t>(task)];
}

bool UnitRun::has(Rank rank) const { return std::find(ranks_.begin(), ranks_.end(), rank) != ranks_.end(); }

Event UnitRun::event(int call, int event) const {
  return {events_.get(), first_event_[static_cast<std::size_t>(call)] + event};
}

Event UnitRun::finished() const { return {events_.get(), first_event_.back()}; }
Event UnitRun::complete() const { return {events_.get(), first_event_.back() + 1}; }

Event UnitRun::tail(int call, Rank rank, Lane lane) const {
  for (int earlier = call - 1; earlier >= 0; --earlier)
    if (const int task = table(earlier).last[index(rank)][static_cast<std::size_t>(lane)]; task >= 0)
      return event(earlier, task);
  return tails_[index(rank)][static_cast<std::size_t>(lane)].event;
}

Tails UnitRun::tails_after() const {
  Tails tails = tails_;
  const int calls = static_cast<int>(calls_.size());
  for (std::size_t rank = 0; rank < tails.size(); ++rank)
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const Event last = tail(calls, Rank{static_cast<int>(rank)}, static_cast<Lane>(lane));
      if (last.block == events_.get()) tails[rank][lane] = {last, events_};
    }
  return tails;
}

std::string UnitRun::name(int call, int task) const {
  return task_name(instance_, calls_[static_cast<std::size_t>(call)], this->task(call, task));
}

std::string UnitRun::describe_in_call(int call, int event) const {
  const SegmentTable& counted = table(call);
  if (event < counted.task_count()) return name(call, event);
  const int beyond = event - counted.task_count();
  if (beyond >= counted.exchanges * counted.ranks)
    return fmt::format("all members of exchange {}", beyond - counted.exchanges * counted.ranks);
  return fmt::format("parts of exchange {} to rank {}", beyond / counted.ranks, beyond % counted.ranks);
}

std::string UnitRun::describe(Event event) const {
  if (event.block != events_.get()) return event == gate_.event ? "the unit before" : "an earlier task";
  if (event.index >= first_event_.back()) return "the unit's end";
  const auto next = std::upper_bound(first_event_.begin(), first_event_.end(), event.index);
  const int call = static_cast<int>(next - first_event_.begin()) - 1;
  return describe_in_call(call, event.index - first_event_[static_cast<std::size_t>(call)]);
}

}  // namespace pipedit::executor
