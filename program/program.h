#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/cluster.h"
#include "core/ids.h"
#include "core/units.h"
#include "program/op.h"
#include "program/weights.h"

// A program says everything that decides time or correctness of a job: order, place, shapes, bytes, buffers, waits,
// decisions. The simulator reads it in virtual time, the executor on devices; both take their order of work from
// program/script.h.
namespace pipedit::program {

// ---- Buffers ----------------------------------------------------------------------------------------------------

enum class Place { device, pinned };
enum class DType { f32, bf16, u8, i64 };
enum class Layout { slot_major, row_major };  // [slot][row][element] or [row][slot][element]

std::int64_t size_of(DType);

// A box of slots x rows, each of `elements` numbers. Slots of a slot-major buffer start at multiples of 256 bytes, so
// that a kernel's result does not depend on which slot its operand lies in.
struct Extent {
  std::int64_t slots = 1, rows = 1, elements = 1;
  DType type = DType::f32;
  Layout layout = Layout::slot_major;
  friend bool operator==(const Extent&, const Extent&) = default;

  Bytes row_bytes() const { return Bytes{elements * size_of(type)}; }
  Bytes slot_stride() const;  // from a slot to the next
  Bytes row_stride() const;   // from a row to the next
  Bytes size() const;         // of one copy, a multiple of 256
};

// Which copy of a buffer a call means.
enum class CopyBy { none, block, latent_slot };

// Phases of an actor during which a buffer's content matters. Buffers of one rank whose phases differ may share bytes.
enum class Phase { always, denoise, decode };

struct Buffer {
  std::string role;  // "hidden", "k_in": also how `show`, errors and peak-memory reports call it
  Rank rank{};
  Place place = Place::device;
  Extent extent;
  int copies = 1;
  CopyBy copy_by = CopyBy::none;
  Phase phase = Phase::always;
  Bytes offset;                           // in the rank's memory at `place`; copies follow one another
  std::optional<WeightSetId> holds = {};  // off-loaded weights, once a load_weights task has filled it
  friend bool operator==(const Buffer&, const Buffer&) = default;
};

// A physical box of a buffer (of the copy that the call means): bytes, not meaning.
struct Region {
  BufferId buffer{};
  Range slots, rows;
  friend bool operator==(const Region&, const Region&) = default;
};

// ---- Tasks ------------------------------------------------------------------------------------------------------

enum class Lane { compute, send, hand, copy, writer };  // per rank; each first in, first out, like a CUDA stream
inline constexpr int kLanes = 5;
std::string_view name_of(Lane);

// On a CPU all lanes of a rank share its one thread, and the ranks of a device its slots. A rank takes a slot when a
// lane's head is ready, waiting in line where none is free, and runs its ready heads, the first in enqueue order, until
// none is ready or, at the end of a task, its turn has lasted this long and others are in line. So a task runs
// undisturbed, and its time can be predicted. What takes no work (a barrier, an exchange in which a rank only receives)
// needs no slot.
inline constexpr Nanos kCpuTurn = std::chrono::milliseconds{2};

struct TaskDone {
  TaskId task{};
  friend bool operator==(TaskDone, TaskDone) = default;
};  // of this call, any rank
struct Arrived {
  ExchangeId exchange{};
  friend bool operator==(Arrived, Arrived) = default;
};  // all its parts to this task's rank
struct Tail {
  Rank rank{};
  Lane lane{};
  friend bool operator==(Tail, Tail) = default;
};  // the last task there in earlier calls
using Wait = std::variant<TaskDone, Arrived, Tail>;

struct Task {
  OpKind kind{};
  Stream stream = Stream::joint;
  int chunk = -1, group = -1;  // PipeSP: which output chunk and row group; tiles and layers count in `chunk`
  Rank rank{};
  Lane lane = Lane::compute;
  Shape shape;
  std::vector<Region> reads, writes;  // in the order that the operation expects (program/op.h)
  std::vector<Wait> waits;
  std::optional<BufferId> loaded_weights = {};  // where its off-loaded weights are; not set: it has none, or resident
  friend bool operator==(const Task&, const Task&) = default;
};

// "attention[1]", "project_v.text", "exchange_q[0]": unique within (segment, rank).
std::string label(const Task&);

// Query rows that a device's attention kernels work on together. Borders of pieces and row groups are multiples of it,
// so that no result depends on them.
constexpr std::int64_t attention_row_tile(DeviceKind kind) { return kind == DeviceKind::cpu ? 32 : 128; }

// ---- Exchanges --------------------------------------------------------------------------------------------------

// Bytes from a region of one rank to an equal box of another (or of the same rank: a local part, no transfer; only the
// gathering of latents has some).
struct Part {
  Rank from{}, to{};
  Region source, target;
  friend bool operator==(const Part&, const Part&) = default;
};

// Every member has one task for it on its send (or hand) lane, one that only receives too. Two readings, by transport:
// in_turn (host, peer): a sender's parts move one after another in listed order; a part arrives when it has moved;
// rendezvous (nccl, staged): nothing moves before every member's task got there, and each member's task holds its lane
// until its own parts, in and out, are done.
enum class Reading { in_turn, rendezvous };
Reading reading_of(Transport);

struct Exchange {
  Transport transport = Transport::peer;
  std::vector<Part> parts;  // a sender's own parts in the order in which it sends them
  friend bool operator==(const Exchange&, const Exchange&) = default;
};

// ---- Segments and scripts ---------------------------------------------------------------------------------------

// A small graph of tasks over ranks and lanes. The order of `tasks`, filtered by rank, is each rank's enqueue order,
// and on each (rank, lane) the order of execution.
struct Segment {
  std::string name;     // "single block"
  std::string weights;  // scope of its weights: "single" with block 7 means "single.7."
  std::vector<Task> tasks;
  std::vector<Exchange> exchanges;
  friend bool operator==(const Segment&, const Segment&) = default;
};

// A segment, `blocks` times with the binding block = 0, 1, ...; blocks = 0: once, without a block.
struct Call {
  SegmentId segment{};
  int blocks = 0;
  friend bool operator==(const Call&, const Call&) = default;
};

struct Alternative {
  std::vector<Call> calls;
  std::vector<Rank> lent;  // ranks of the helping actor that take part
  friend bool operator==(const Alternative&, const Alternative&) = default;
};

enum class UnitKind { begin, step, gather, hand, decode };

// What stands between two barriers. A unit starts when all ranks of its actor, and those lent to it now or in the unit
// before, have finished the unit before on the lanes compute, send and copy.
struct Unit {
  UnitKind kind = UnitKind::begin;
  int repeat = 1;                         // denoising steps; the binding step = 0, 1, ...
  std::vector<Alternative> alternatives;  // the first is the plain one; a second is taken when `helpers` are idle
  std::optional<ActorId>
      helpers;  // policy helpers_idle: their actor is parked at the draw of a latent, its device lanes drained
  std::optional<ActorId>
      hand_to;  // a unit of kind hand: occupies a latent slot of this actor, and is drawn there when complete
  friend bool operator==(const Unit&, const Unit&) = default;
};

enum class Source { queue, latents };  // requests of the job, or latents handed over by other actors

// One log of units: for every request that it draws, the script of the request's shape. A rank belongs to one actor.
struct Actor {
  std::string name;  // "denoise 0"
  std::vector<Rank> ranks;
  Source source = Source::queue;
  int latent_slots = 0;  // source latents: how many may wait or be decoded; a slot is free after its decode unit
  std::vector<std::vector<Unit>> scripts;  // by request shape
  friend bool operator==(const Actor&, const Actor&) = default;
};

// ---- Memory -----------------------------------------------------------------------------------------------------

struct Contributor {
  std::string role;
  Bytes size;
  friend bool operator==(const Contributor&, const Contributor&) = default;
};

// What a rank needs, in bytes. Weights are shared by the ranks of a device: RankMemory counts them at each,
// device_peak() once.
struct RankMemory {
  Bytes arena;      // device buffers
  Bytes weights;    // resident; off-loaded ones are buffers
  Bytes workspace;  // largest temporaries of an operation, and on a GPU what allocator and libraries add to them
  Bytes transport;  // staging and connections of the transport
  Bytes pinned;     // host buffers
  std::vector<Contributor> contributors;  // largest first
  friend bool operator==(const RankMemory&, const RankMemory&) = default;

  Bytes device() const { return arena + weights + workspace + transport; }
};

struct Program {
  std::string plan;  // Plan::name
  std::vector<Segment> segments;
  std::vector<Buffer> buffers;
  std::vector<WeightSet> weight_sets;  // off-loaded; each once, whoever loads it
  std::vector<Actor> actors;
  std::vector<DeviceId> devices;    // by rank
  std::vector<RankMemory> memory;   // by rank
  std::vector<int> request_shapes;  // by request: index of its shape
  std::vector<Nanos> arrivals;      // by request
  friend bool operator==(const Program&, const Program&) = default;

  const Segment& segment(SegmentId id) const { return segments[index(id)]; }
  const Buffer& buffer(BufferId id) const { return buffers[index(id)]; }
  int ranks() const { return static_cast<int>(devices.size()); }
};

// Peak of a device: its ranks' arenas, workspaces and transports, and one copy of the weights.
Bytes device_peak(const Program&, DeviceId);

// Bytes of a part: slots x rows x the row's bytes.
Bytes bytes_of(const Program&, const Region&);

}  // namespace pipedit::program
