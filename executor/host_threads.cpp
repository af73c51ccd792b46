#include "executor/host_threads.h"

#include <algorithm>

namespace pipedit::executor {

HostThreads::~HostThreads() {
  const std::lock_guard lock(mutex_);
  ending_ = true;
  called_.notify_all();
}

void HostThreads::start(std::span<const Rank> ranks, std::function<void(Rank)> work) {
  const std::lock_guard lock(mutex_);
  for (const Rank rank : ranks) has_work_.resize(std::max(has_work_.size(), index(rank) + 1));
  while (threads_.size() < has_work_.size())
    threads_.emplace_back([this, rank = Rank{static_cast<int>(threads_.size())}] { serve(rank); });
  work_ = std::move(work);
  running_ = static_cast<int>(ranks.size());
  for (const Rank rank : ranks) has_work_[index(rank)] = true;
  called_.notify_all();
}

bool HostThreads::wait_for(Nanos time) {
  std::unique_lock lock(mutex_);
  return done_.wait_for(lock, time, [this] { return running_ == 0; });
}

void HostThreads::serve(Rank rank) {
  std::unique_lock lock(mutex_);
  for (;;) {
    called_.wait(lock, [&] { return ending_ || has_work_[index(rank)]; });
    if (ending_) return;
    has_work_[index(rank)] = false;
    lock.unlock();
    work_(rank);
    lock.lock();
    if (--running_ == 0) done_.notify_all();
  }
}

}  // namespace pipedit::executor
