#include "executor/backends/cpu/cpu_queues.h"

#include <algorithm>
#include <bit>

#include <ATen/Parallel.h>

#include "core/error.h"
#include "executor/backends/cpu/cpu_events.h"
#include "executor/backends/cpu/cpu_session.h"
#include "executor/backends/cpu/temporaries.h"
#include "executor/stall.h"

namespace pipedit::executor {

using namespace program;

namespace {

// Sets events at once, and wakes who waits for them at the end: that takes longer than many a transfer, and is not part
// of it.
class CpuLane : public LaneContext {
 public:
  explicit CpuLane(Parking& parking) : parking_(parking) {}
  void mark(Event event) override { asking_ |= cpu_events(event).mark(event.index); }
  void wake() {
    for (; asking_ != 0; asking_ &= asking_ - 1) parking_.wake(Rank{std::countr_zero(asking_)});
  }

 private:
  Parking& parking_;
  std::uint64_t asking_ = 0;
};

}  // namespace

CpuQueues::CpuQueues(Rank rank, Session& session, Parking& parking, Turns& turns, Bytes workspace)
    : rank_(rank), session_(&session), parking_(&parking), turns_(&turns), workspace_(workspace) {}

// A rank is one thread: its operations must not start others.
void CpuQueues::bind() {
  at::set_num_threads(1);
  prepare_temporaries(workspace_);
}

void CpuQueues::enqueue(Lane lane, Item item) {
  lanes_[static_cast<std::size_t>(lane)].push_back({enqueued_++, std::move(item)});
}

bool CpuQueues::reached(Event event) { return cpu_events(event).is_set_or_wake(event.index, rank_); }

bool CpuQueues::is_ready(Item& item) {
  while (!item.waits.empty() && reached(item.waits.back())) item.waits.pop_back();
  return item.waits.empty();
}

// Entries without work take no turn on the thread: a barrier must not wait for another lane's work. One that passes may
// let another lane's pass.
void CpuQueues::pass_barriers() {
  for (bool passed = true; passed;) {
    passed = false;
    for (auto& lane : lanes_)
      while (!lane.empty() && !lane.front().item.work && is_ready(lane.front().item)) {
        const Item item = std::move(lane.front().item);
        lane.pop_front();
        run(item);
        passed = true;
      }
  }
}

// Of the heads with work. One without work may become ready behind pass_barriers, which has asked to be woken for it.
std::deque<CpuQueues::Entry>* CpuQueues::first_ready() {
  pass_barriers();
  std::deque<Entry>* first = nullptr;
  for (auto& lane : lanes_) {
    if (lane.empty() || !lane.front().item.work) continue;
    if (first != nullptr && first->front().sequence < lane.front().sequence) continue;
    if (is_ready(lane.front().item)) first = &lane;
  }
  return first;
}

void CpuQueues::take_turn() {
  if (turn_) return;
  const int slot = turns_->take();
  turn_ = {slot, std::chrono::steady_clock::now()};
}

void CpuQueues::end_turn() {
  if (!turn_) return;
  turns_->give(turn_->slot);
  turn_.reset();
}

bool CpuQueues::run_one() {
  if (first_ready() == nullptr) {
    end_turn();
    return false;
  }
  take_turn();
  if (session_->aborted()) return true;
  std::deque<Entry>* first = first_ready();  // while in line, an earlier one may have become ready
  const Item item = std::move(first->front().item);
  first->pop_front();
  run(item);
  if (turns_->is_over(turn_->begin)) end_turn();
  return true;
}

void CpuQueues::leave() noexcept {
  end_turn();
  parking_->leave();
}

void CpuQueues::run(const Item& item) {
  CpuLane lane(*parking_);
  if (item.times != nullptr) item.times->start = session_->now();
  if (item.work) item.work(lane);
  const bool timed = item.times != nullptr || item.ends != nullptr;
  const Nanos end = timed ? session_->now() : Nanos{0};
  if (item.times != nullptr) item.times->end = end;
  if (item.ends != nullptr) item.ends->end = end;
  for (const Event event : item.marks) lane.mark(event);
  lane.wake();
}

void CpuQueues::wait_until(const std::function<bool()>& ready, std::optional<Nanos> deadline) {
  std::optional<Parking::TimePoint> alarm;
  if (deadline) alarm = static_cast<CpuSession*>(session_)->time_point(*deadline);
  for (;;) {
    if (session_->aborted()) throw Stopped{};
    if (ready() || (deadline && session_->now() >= *deadline)) return;
    if (run_one()) continue;
    if (parking_->sleep(rank_, alarm) == Woken::stalled && !session_->aborted())
      throw Error(describe_stall(static_cast<CpuSession*>(session_)->stuck()));
  }
}

bool CpuQueues::empty() const {
  return std::all_of(lanes_.begin(), lanes_.end(), [](const auto& lane) { return lane.empty(); });
}

void CpuQueues::drain() {
  wait_until([&] { return empty(); }, std::nullopt);
}

std::vector<const Item*> CpuQueues::heads() const {
  std::vector<const Entry*> entries;
  for (const auto& lane : lanes_)
    if (!lane.empty()) entries.push_back(&lane.front());
  std::sort(entries.begin(), entries.end(), [](const Entry* a, const Entry* b) { return a->sequence < b->sequence; });
  std::vector<const Item*> heads;
  for (const Entry* entry : entries) heads.push_back(&entry->item);
  return heads;
}

std::vector<const Item*> CpuQueues::items() const {
  std::vector<const Item*> items;
  for (const auto& lane : lanes_)
    for (const Entry& entry : lane) items.push_back(&entry.item);
  return items;
}

}  // namespace pipedit::executor
