#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include "core/profile.h"
#include "executor/backend.h"
#include "executor/job.h"
#include "profiler/stretch.h"

namespace pipedit::profiler {

// Of the stretches that run a point, which time it: all of them, or the first alone. Under a power limit what else a
// stretch runs decides how fast it is, and those that come first are like the plans that are worth choosing.
enum class TimesOf { every_stretch, first_stretch };

struct Options {
  int slots = 1;            // of the device: everything is measured alone, and with all slots busy
  int ranks = 1;            // that share the device in the plans: as many run side by side to keep its slots busy
  double tolerance = 0.03;  // a stretch is done when the medians of what it wants are known this well
  Nanos longest{std::chrono::seconds{1}};  // or when it has taken this long, all rounds together
  // Through all stretches, from the third on through those about which the others differ: a machine that others share
  // is slow for seconds, and all that is measured meanwhile. A point is the mean of its rounds.
  int rounds = 1;
  int fewest = 5;  // samples of each point that a stretch wants, before it is done
  TimesOf times_of = TimesOf::every_stretch;
  Nanos settled{0};  // work that is not counted: a GPU is faster until its power is limited
  std::function<void(std::size_t done, std::size_t of, Nanos left)> progress = {};  // called after each stretch
  std::function<void(const std::vector<ProfilePoint>&)> measured = {};              // likewise, with all so far
  const std::atomic<bool>* stop = nullptr;  // set: throws Error at the next stretch
};

// Times every point of the stretches with the executor on the given backend. `job` brings weights, inputs and a
// workload with the shape that the programs were lowered for. Sorted by kind, dims and busy.
std::vector<ProfilePoint> measure(const std::vector<Stretch>&, executor::Backend&, const executor::Job&,
                                  const Options&);

}  // namespace pipedit::profiler
