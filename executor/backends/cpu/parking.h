#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "core/ids.h"
#include "program/program.h"

namespace pipedit::executor {

enum class Woken { signal, deadline, stalled };

// Where hosts sleep that have nothing to do. It notices when nobody is left who could wake them.
class Parking {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // Ranks of actors have a host each; all of them count as awake.
  explicit Parking(const program::Program&);

  // Returns at once where the rank was woken since it last slept. `stalled`: everybody sleeps, without a deadline.
  Woken sleep(Rank, std::optional<TimePoint> deadline);
  void wake(Rank);
  void wake_all();
  void leave();  // one host less

 private:
  struct Place {
    std::condition_variable signal;
    bool woken = false, asleep = false;
  };
  void wake_locked(Place&);
  bool stalled() const { return awake_ == 0 && with_deadline_ == 0; }
  Woken wait(std::unique_lock<std::mutex>&, Place&, std::optional<TimePoint> deadline);

  std::mutex mutex_;
  std::deque<Place> places_;
  int awake_ = 0, with_deadline_ = 0;
};

}  // namespace pipedit::executor
