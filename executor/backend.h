#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/cluster.h"
#include "core/ids.h"
#include "core/units.h"
#include "executor/host_threads.h"
#include "program/program.h"

// What a kind of device offers to the walk over a program: memory, lanes, events, a clock. A folder in backends/
// implements it.
namespace pipedit::executor {

class PartTransport;
class UnitRun;

// Events of one unit of a log, made before anything is enqueued that waits for them. An event is set when it has been
// marked as often as its count says; one with count 0 is set from the start.
class EventBlock {
 public:
  virtual ~EventBlock() = default;
};

struct Event {
  EventBlock* block = nullptr;
  int index = 0;
  friend bool operator==(Event, Event) = default;
};

// What work sees of the lane that it runs on. On a CPU work runs when its turn comes; on a GPU it runs at once and
// enqueues kernels and copies to the lane's stream, which a backend's own kind of context gives access to.
class LaneContext {
 public:
  virtual ~LaneContext() = default;
  virtual void mark(Event) = 0;  // when everything that the lane got so far is done
};

struct Times {
  Nanos start{0}, end{0};  // on the session's clock
};

// One entry of a lane.
struct Item {
  std::vector<Event> waits = {};
  std::function<void(LaneContext&)> work = {};  // empty: nothing but waiting and marking
  std::vector<Event> promises = {};             // marked by the work
  std::vector<Event> marks = {};                // marked after it
  Times* times = nullptr;                       // where not null, filled in by the time that the lane is drained
  Times* ends = nullptr;                        // likewise, only the end: of a task of several entries
  std::shared_ptr<const UnitRun> unit = {};     // keeps the events alive, and names the entry in errors
  int call = -1, task = -1;                     // -1: a barrier
};

// Thrown out of a host's waits when the run has been aborted: somebody else has the error.
struct Stopped {};

// One rank's lanes, used by that rank's host thread alone.
class RankQueues {
 public:
  virtual ~RankQueues() = default;

  // Makes the calling thread the rank's host.
  virtual void bind() = 0;
  virtual void enqueue(program::Lane, Item) = 0;

  // Blocks until `ready` says true; it is asked again after Session::notify() and after each event that it asked
  // reached() about. With a time on the session's clock, also then, and returns when it has passed. Throws Stopped,
  // what work threw, and Error when nothing in the run can go on.
  virtual void wait_until(const std::function<bool()>& ready, std::optional<Nanos> deadline = std::nullopt) = 0;

  // Whether an event is set; if not, its setting wakes this rank.
  virtual bool reached(Event) = 0;

  // Until all lanes are empty.
  virtual void drain() = 0;

  // The host has nothing more to do and will not come back.
  virtual void leave() noexcept = 0;
};

// Memory, lanes and events of one run.
class Session {
 public:
  virtual ~Session() = default;
  virtual Nanos now() const = 0;  // since the session was opened
  virtual std::byte* memory(Rank, program::Place) const = 0;
  virtual int gpu(Rank) const { return -1; }  // whose memory Place::device is; -1: the host's
  virtual std::unique_ptr<EventBlock> make_events(std::span<const int> counts) = 0;
  virtual bool is_set(Event) const = 0;
  virtual RankQueues& queues(Rank) = 0;
  virtual PartTransport& transport(Transport) = 0;
  virtual void notify() = 0;          // something that hosts wait for has changed
  virtual void abort() noexcept = 0;  // every wait, now or later, throws Stopped; from any thread
  virtual bool aborted() const = 0;
};

class Backend {
 public:
  virtual ~Backend() = default;

  // Allocates what Program::memory says. The program outlives the session. Throws Error where memory does not suffice.
  virtual std::unique_ptr<Session> open(const program::Program&) = 0;

  // What runs the ranks of one run after another.
  HostThreads& hosts() { return hosts_; }

 private:
  HostThreads hosts_;
};

}  // namespace pipedit::executor
