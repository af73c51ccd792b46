#include "executor/backends/cuda/cuda_queues.h"

#include <algorithm>
#include <thread>

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <c10/cuda/CUDAGuard.h>
#include <fmt/format.h>

#include "core/error.h"
#include "executor/backends/cuda/check.h"
#include "executor/backends/cuda/cuda_session.h"
#include "executor/failure.h"
#include "executor/stall.h"
#include "executor/unit_run.h"

namespace pipedit::executor {

using namespace program;

namespace {

constexpr auto kPoll = 50us;  // between looks at what a device has reached
constexpr int kSpins = 200;   // looks before a host sleeps: a peer records within microseconds, sleeping costs more

std::vector<CudaLane> lanes_of(const LaneStreams& streams, EventPool& pool) {
  std::vector<CudaLane> lanes;
  for (const OwnedStream& stream : streams.lanes) lanes.emplace_back(stream, pool);
  return lanes;
}

}  // namespace

CudaQueues::CudaQueues(Rank rank, CudaSession& session, const LaneStreams& streams, EventPool& pool, Parking& parking)
    : rank_(rank),
      session_(&session),
      parking_(&parking),
      lanes_(lanes_of(streams, pool)),
      writer_(session, lanes_[static_cast<std::size_t>(Lane::writer)], [&parking, rank] { parking.wake(rank); }) {}

// The devices may still be at work on memory that is about to go.
CudaQueues::~CudaQueues() {
  for (const CudaLane& lane : lanes_) cudaStreamSynchronize(lane.stream());
}

// The clock starts here, on the host's own thread, since it reads the device's.
void CudaQueues::bind() {
  at::set_num_threads(1);
  check(cudaSetDevice(lanes_.front().device()));
  const StreamPoint anchor = lanes_.front().record();
  check(cudaEventSynchronize(anchor.get()));
  clock_.emplace(anchor, session_->now());
}

void CudaQueues::enqueue(Lane lane, Item item) {
  check_run();
  if (lane == Lane::writer) return writer_.push(std::move(item));
  blocked_ = &item;
  for (const Event event : item.waits) wait_recorded(event);
  blocked_ = nullptr;
  CudaLane& stream = lanes_[static_cast<std::size_t>(lane)];
  try {
    give(stream, item);
  } catch (const Stopped&) {
    throw;
  } catch (...) {
    Error error = current_error();
    const std::string rank = fmt::format("rank {}: ", index(rank_));
    if (item.call >= 0 && !std::string_view(error.what()).starts_with(rank))
      error.add_context(rank + item.unit->name(item.call, item.task));
    throw error;
  }
}

void CudaQueues::give(CudaLane& lane, const Item& item) {
  for (const Event event : item.waits) cuda_events(event).wait(event.index, lane.stream());
  Enqueued entry{.start = item.times != nullptr ? lane.record() : nullptr,
                 .end = {},
                 .times = item.times,
                 .ends = item.ends,
                 .unit = item.unit,
                 .call = item.call,
                 .task = item.task};
  run(lane, item);
  if (!entry.start && item.marks.empty() && item.ends == nullptr) return;
  entry.end = item.work || !entry.start ? lane.record() : entry.start;
  for (const Event event : item.marks) lane.mark(event, entry.end);
  const auto number = static_cast<std::size_t>(&lane - lanes_.data());
  logs_[number].add(std::move(entry));
}

void CudaQueues::run(CudaLane& lane, const Item& item) {
  if (!item.work) return;
  const c10::InferenceMode inference;
  const c10::cuda::CUDAStreamGuard guard(lane.torch_stream());
  item.work(lane);
}

void CudaQueues::check_run() const {
  if (session_->aborted()) throw Stopped{};
  writer_.rethrow();
}

void CudaQueues::wait_recorded(Event event) {
  CudaEvents& events = cuda_events(event);
  for (int i = 0; i < kSpins; ++i) {
    if (events.recorded(event.index)) return;
    std::this_thread::yield();
  }
  for (;;) {
    check_run();
    if (events.recorded_or_wake(event.index, rank_)) return;
    sleep(std::nullopt);
  }
}

bool CudaQueues::reached(Event event) {
  CudaEvents& events = cuda_events(event);
  if (events.reached(event.index)) return true;
  if (events.recorded_or_wake(event.index, rank_)) polls_ = true;
  return false;
}

// A device's progress wakes nobody, so while it matters a host looks again soon.
void CudaQueues::sleep(std::optional<Nanos> deadline) {
  std::optional<Parking::TimePoint> alarm;
  if (deadline) alarm = session_->time_point(*deadline);
  const auto soon = std::chrono::steady_clock::now() + kPoll;
  if (device_at_work() && (!alarm || soon < *alarm)) alarm = soon;
  if (parking_->sleep(rank_, alarm) == Woken::stalled && !session_->aborted())
    throw Error(describe_stall(session_->stuck()));
}

bool CudaQueues::device_at_work() const { return polls_ || (!writer_.empty() && writer_.head() == nullptr); }

void CudaQueues::settle() {
  for (StreamLog& log : logs_) log.settle(*clock_);
}

void CudaQueues::wait_until(const std::function<bool()>& ready, std::optional<Nanos> deadline) {
  for (;;) {
    check_run();
    settle();
    polls_ = false;
    if (ready() || (deadline && session_->now() >= *deadline)) return;
    sleep(deadline);
  }
}

bool CudaQueues::streams_empty() const {
  return std::all_of(logs_.begin(), logs_.end(), [](const StreamLog& log) { return log.empty(); });
}

void CudaQueues::drain() {
  const auto drained = [&] {
    polls_ = !streams_empty();
    return !polls_ && writer_.empty();
  };
  wait_until(drained, std::nullopt);
}

std::vector<const Item*> CudaQueues::stuck() const {
  std::vector<const Item*> items;
  if (blocked_ != nullptr) items.push_back(blocked_);
  if (const Item* head = writer_.head()) items.push_back(head);
  return items;
}

}  // namespace pipedit::executor
