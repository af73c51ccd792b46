#include "executor/backends/cuda/writer_thread.h"

#include <algorithm>
#include <chrono>

#include <c10/cuda/CUDAGuard.h>

#include "core/units.h"
#include "executor/backends/cuda/check.h"

namespace pipedit::executor {

namespace {

constexpr auto kPoll = 100us;  // between looks at what a device has reached

bool all_recorded(const Item& item) {
  return std::all_of(item.waits.begin(), item.waits.end(),
                     [](Event event) { return cuda_events(event).recorded(event.index); });
}

bool all_reached(const Item& item) {
  return std::all_of(item.waits.begin(), item.waits.end(),
                     [](Event event) { return cuda_events(event).reached(event.index); });
}

}  // namespace

WriterThread::WriterThread(const Session& session, CudaLane lane, std::function<void()> changed)
    : session_(&session), lane_(lane), changed_(std::move(changed)), thread_([this] { loop(); }) {}

WriterThread::~WriterThread() {
  const std::lock_guard lock(mutex_);
  ending_ = true;
  signal_.notify_one();
}

void WriterThread::push(Item item) {
  const std::lock_guard lock(mutex_);
  items_.push_back(std::move(item));
  signal_.notify_one();
}

bool WriterThread::empty() const {
  const std::lock_guard lock(mutex_);
  return items_.empty();
}

void WriterThread::rethrow() const {
  const std::lock_guard lock(mutex_);
  if (failure_) std::rethrow_exception(failure_);
}

const Item* WriterThread::head() const {
  const std::lock_guard lock(mutex_);
  return items_.empty() || all_recorded(items_.front()) ? nullptr : &items_.front();
}

bool WriterThread::wait_for(const Item& item, std::unique_lock<std::mutex>& lock) {
  while (!ending_ && !session_->aborted() && !all_reached(item)) signal_.wait_for(lock, kPoll);
  return !ending_ && !session_->aborted();
}

void WriterThread::run(const Item& item) {
  if (item.times != nullptr) item.times->start = session_->now();
  if (item.work) {
    const c10::cuda::CUDAStreamGuard guard(lane_.torch_stream());
    CudaLane lane = lane_;
    item.work(lane);
    check(cudaStreamSynchronize(lane_.stream()));
  }
  const Nanos end = session_->now();
  if (item.times != nullptr) item.times->end = end;
  if (item.ends != nullptr) item.ends->end = end;
  for (const Event event : item.marks) cuda_events(event).mark(event.index, {});
}

void WriterThread::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    signal_.wait(lock, [&] { return ending_ || !items_.empty(); });
    if (ending_) return;
    const Item& item = items_.front();  // stays where it is while others are put behind it
    try {
      if (!wait_for(item, lock)) return;
      lock.unlock();
      run(item);
      lock.lock();
      items_.pop_front();
    } catch (...) {
      if (!lock.owns_lock()) lock.lock();
      failure_ = std::current_exception();
    }
    const bool failed = failure_ != nullptr;
    lock.unlock();
    changed_();
    if (failed) return;
    lock.lock();
  }
}

}  // namespace pipedit::executor
