#pragma once

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "core/cluster.h"
#include "program/script.h"
#include "simulator/engine/fair_shares.h"
#include "simulator/engine/jobs.h"
#include "simulator/engine/rank_state.h"
#include "simulator/engine/recorder.h"
#include "simulator/engine/run.h"
#include "simulator/simulate.h"

// The state of a simulation. What happens to it: lanes.h (tasks start and end), hosts.h (tasks are enqueued),
// exchanges.h (parts move), devices.h, turns.h and links.h (who shares what), actors.h (units, draws, decisions).
namespace pipedit::simulator {

inline constexpr std::size_t kTransports = static_cast<std::size_t>(Transport::staged) + 1;

struct DeviceJob {
  JobId job = -1;
  program::OpKind kind{};
  program::Lane lane{};  // compute: takes a slot; copy: shares the link to the host
};

// A member's share of an exchange that waits on its device for a task to end.
struct WaitingKernel {
  JobId behind = -1;
  Run* run = nullptr;
  int node = -1;
};

struct DeviceState {
  int slots = 1, ranks = 0;
  bool cpu = false, dirty = false;
  int free_slots = 0;                       // of a CPU
  std::deque<int> line{};                   // of a CPU: ranks that wait for one
  int running = 0, loading = 0;             // jobs of compute lanes, of copy lanes
  std::array<int, kTransports> touching{};  // transfers under way, by transport
  std::vector<DeviceJob> jobs{};
  std::vector<WaitingKernel> kernels{};
};

struct Flow {
  JobId job = -1;
  int from = 0, to = 0;
  double cap = 0;  // bytes per nanosecond
  const Route* route = nullptr;
};

struct Links {
  // Bytes per nanosecond, by direction; behind those of the cluster's links two a device: from it to pinned memory and
  // back, which staged transfers pass.
  std::vector<double> capacity;
  std::vector<Flow> flows;      // by from, to, cap: no result depends on the order in which they came
  std::vector<Demand> demands;  // of the flows
  FairShares fair;
  std::map<std::tuple<int, int, bool>, Route> routes;  // by devices, and whether through pinned memory
  bool dirty = false;
  std::uint32_t version = 0;  // of the foreseen end of the flow that ends first: only that one is on the agenda
};

struct Latent {
  RequestId request{};
  int slot = 0;
};

struct ActorState {
  explicit ActorState(program::ScriptCursor script) : cursor(script) {}
  program::ScriptCursor cursor;
  std::optional<program::UnitInstance> next;  // not in the log yet
  std::vector<Run*> log;
  std::size_t position = 0;  // of the unit that runs or comes next
  Run* current = nullptr;
  bool hand_blocked = false;  // its next unit waits for a slot
  int lent_to = -1;
  Nanos idle_since{-1};
  std::deque<Latent> latents;  // handed over, not drawn
  int on_the_way = 0;
  std::vector<bool> slots;  // taken
  std::vector<int> replay;  // alternatives of its steps, where given
  std::size_t steps = 0;
};

class StepMemo;

struct World {
  const program::Program* program = nullptr;
  const Cluster* cluster = nullptr;
  const CostModel* costs = nullptr;
  std::vector<SegmentGraph> graphs;
  std::map<std::pair<const program::Unit*, int>, UnitPlan> plans;
  std::deque<Run> runs;

  Nanos now{0};
  std::vector<std::array<double, kTransports>> contention;  // of the cost model, by kind
  std::array<std::optional<Nanos>, kTransports> kernel_launch;
  double sharing_loss = 1;
  Agenda agenda;
  Jobs jobs;
  std::vector<DeviceState> devices;
  Links links;
  std::vector<RankState> ranks;
  std::vector<ActorState> actors;
  std::size_t next_request = 0;
  Nanos next_wake{-1};       // for the arrival of that request
  std::vector<Run*> handed;  // hand units that are complete, not delivered yet

  std::vector<int> woken_lanes, waking_lanes;  // rank * kLanes + lane; those being looked at
  std::vector<int> woken_hosts, waking_hosts;
  std::vector<int> woken_threads;  // ranks of CPUs
  std::vector<int> dirty_devices;
  bool actors_dirty = true;

  Recorder recorder;
  StepMemo* memo = nullptr;  // null: every step is expanded

  RankState& rank(int id) { return at(ranks, id); }
  DeviceState& device(int id) { return at(devices, id); }
  ActorState& actor(ActorId id) { return actors[index(id)]; }
};

// At time zero: nothing drawn, hosts and lanes at the start of empty logs.
void prepare(World&, const program::Program&, const Cluster&, const CostModel&, const Options&);

}  // namespace pipedit::simulator
