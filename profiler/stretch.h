#pragma once

#include <compare>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "program/program.h"

namespace pipedit::profiler {

// What a profile knows a task or a transfer by (program/op_cost.h).
struct PointKey {
  std::string kind;
  std::vector<std::int64_t> dims;
  friend auto operator<=>(const PointKey&, const PointKey&) = default;
};

// Of a call, unless a stretch says otherwise: a decode has a hundred tiles of a size, and eight tell as much.
inline constexpr int kTasksOfAPoint = 8;

// What one rank does from one barrier of a program to another: a step and what stands before the first one, a
// hand-over, a decode. Operations are timed in the company in which they run, since what stood before decides what lies
// in the caches.
struct Stretch {
  const program::Program* program = nullptr;
  std::vector<program::Call> calls;
  Rank rank{};
  std::vector<PointKey> points;  // sorted, each once
  std::vector<PointKey> wanted;  // of these: it has run long enough when their medians are known

  bool exchanges = true;                     // whether it runs them
  std::optional<program::OpKind> only = {};  // runs no other kind of task
  std::vector<PointKey> left_out = {};       // sorted; tasks of these points are not run
  int most = kTasksOfAPoint;                 // of a call's tasks of one point
  DeviceId device{0}, other{0};              // where it runs, and where the ranks are that it sends to

  bool between_devices() const { return other != device; }
};

// The task's points: its own, or those of the parts that its rank sends. None for a task that hands results out of a
// run (write_frames, save_latent): measure_requests times these.
std::vector<PointKey> points_of(const program::Program&, const program::Segment&, const program::Task&);

// What takes as long as its bytes do, whatever the clocks.
bool only_moves(const PointKey&);

// Whether the stretch runs tasks of this kind and point.
bool runs(const Stretch&, program::OpKind, const PointKey&);

// Which exchanges stretches run: on a CPU those of steps are measured in whole requests (requests.h).
enum class Exchanges { all, of_decodes };

// Whether what begins a request stands before each step or is a stretch of its own. It draws noise on the host: a GPU
// that pauses so long between steps keeps its clocks, 10 % above those of a run on an H100.
enum class Begin { before_steps, apart };

// All of the programs, which outlive them; cover.h chooses among them.
std::vector<Stretch> every_stretch(std::span<const program::Program>, Exchanges, Begin);

// For devices on which a decode takes minutes: each size of a decoder's tile is run in one stretch alone, a few times.
void run_tiles_once(std::vector<Stretch>&);

// Of the stretch's calls the last that hold what it wants: a point of one block needs no whole step.
Stretch calls_of_wanted(Stretch);

// The stretch's tasks of one kind; of exchanges what goes to other ranks.
Stretch only_of(const Stretch&, program::OpKind);

}  // namespace pipedit::profiler
