#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "core/units.h"

namespace pipedit {

enum class Provenance { exact, interpolated, extrapolated, analytic, measured };

// The tasks of a program's segments by name, so that a timeline can be read, joined and drawn on its own.
struct TaskName {
  std::string name;  // "attention[1]"
  std::string kind;  // "attention"
  Rank rank{};
  std::string lane;  // "compute"
  friend bool operator==(const TaskName&, const TaskName&) = default;
};
struct SegmentNames {
  std::string name;  // "single block"
  std::vector<TaskName> tasks;
  friend bool operator==(const SegmentNames&, const SegmentNames&) = default;
};

struct Span {
  int call = 0;  // Pattern::calls
  TaskId task{};
  Nanos start{0}, end{0};  // since the unit's start
  friend bool operator==(const Span&, const Span&) = default;
};

struct PatternCall {
  SegmentId segment{};
  int block = -1;  // -1: the segment is not one of several blocks
  friend bool operator==(const PatternCall&, const PatternCall&) = default;
};

// What happened in one unit of an actor's log (a step, a hand-over, a decode), relative to its start; units that went
// the same way share one pattern. Spans are sorted by start, call and task.
struct Pattern {
  std::vector<PatternCall> calls;
  std::vector<Span> spans;
  friend bool operator==(const Pattern&, const Pattern&) = default;
};

// One unit: where a pattern happened.
struct Occurrence {
  ActorId actor{};
  std::string unit;  // "begin", "step", "hand", "decode"
  RequestId request{};
  int ordinal = 0;      // of the request among those of its actor
  int step = -1;        // -1: not a step
  int alternative = 0;  // of a decision; 0 = the plain one
  PatternId pattern{};
  Nanos start{0}, end{0};
  friend bool operator==(const Occurrence&, const Occurrence&) = default;
};

struct RequestSpan {
  RequestId request{};
  Nanos start{0}, end{0};  // drawn from the queue; last frame written
  friend bool operator==(const RequestSpan&, const RequestSpan&) = default;
};

struct RankUse {
  Nanos busy{0};  // compute lane
  Bytes peak;
  friend bool operator==(const RankUse&, const RankUse&) = default;
};

struct Timeline {
  std::string source;                   // "simulated" or "measured"
  std::string plan;                     // Plan::name
  std::vector<std::string> actors;      // ActorId
  std::vector<SegmentNames> segments;   // SegmentId
  std::vector<Pattern> patterns;        // PatternId
  std::vector<Occurrence> occurrences;  // by start, then actor
  std::vector<RequestSpan> requests;    // by request
  std::vector<RankUse> ranks;
  Nanos makespan{0};
  std::vector<double> provenance;  // share of task time by Provenance, simulated timelines only
  std::int64_t steps = 0;          // units called "step"
  std::int64_t steps_reused = 0;   // of those, taken from the simulator's memo
  friend bool operator==(const Timeline&, const Timeline&) = default;
};

// A decision at a step's start, in the order of the actor's log.
struct Decision {
  ActorId actor{};
  RequestId request{};
  int step = 0;
  int alternative = 0;
  friend bool operator==(const Decision&, const Decision&) = default;
};
std::vector<Decision> decisions(const Timeline&);  // every step's alternative, actor by actor

// One task instance with its full name: "request 3 / step 12 / single block 7 / attention[1] @ rank 2".
struct TaskInstance {
  std::string name;
  const TaskName* task = nullptr;  // into Timeline::segments
  const Occurrence* unit = nullptr;
  Nanos start{0}, end{0};  // absolute
};
std::vector<TaskInstance> expand(const Timeline&);                     // by start, then order of the log
std::vector<TaskInstance> expand(const Timeline&, const Occurrence&);  // of one unit, in its pattern's order

// A timeline file; core/timeline_json_read.cpp is its format. parse_timeline and read_timeline throw InputError naming
// the key, the latter also the file. Every id of what is read indexes what it names; ranks of tasks index
// Timeline::ranks.
Timeline read_timeline(const std::filesystem::path&);
Timeline parse_timeline(std::string_view text);
std::string write_timeline(const Timeline&);

// For Perfetto and chrome://tracing: a process a rank, a track a lane. Hundreds of bytes a task; `progress` hears how
// many of the occurrences are written, of how many.
void write_chrome_trace(std::ostream&, const Timeline&,
                        const std::function<void(std::size_t, std::size_t)>& progress = {});

}  // namespace pipedit
