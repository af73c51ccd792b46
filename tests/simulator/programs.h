#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simulator/simulate.h"

// Programs put together by hand, and costs that say what each task takes.
namespace pipedit::simulator::testing {

using program::Actor;
using program::Alternative;
using program::Arrived;
using program::Exchange;
using program::Lane;
using program::Part;
using program::Program;
using program::Segment;
using program::Source;
using program::Tail;
using program::Task;
using program::TaskDone;
using program::Unit;
using program::UnitKind;
using program::Wait;

// A task that takes `time`, which its shape carries.
Task task(int rank, Lane lane, Nanos time, std::vector<Wait> waits = {});

// The member's task of an exchange.
Task member(int rank, int exchange, std::vector<Wait> waits = {}, Lane lane = Lane::send);

// An exchange whose parts carry so many bytes.
struct Move {
  int from = 0, to = 0;
  std::int64_t bytes = 0;
};

// Grows a program of ranks that live on devices 0, 1, ... (or as given).
class ProgramBuilder {
 public:
  explicit ProgramBuilder(int ranks);
  ProgramBuilder& devices(const std::vector<int>& by_rank);
  int segment(std::vector<Task> tasks, std::vector<Exchange> exchanges = {});
  Exchange exchange(Transport, const std::vector<Move>&);
  ProgramBuilder& actor(std::string name, std::vector<int> ranks, std::vector<Unit> script, Source = Source::queue,
                        int latent_slots = 0);
  ProgramBuilder& requests(const std::vector<Nanos>& arrivals);
  Program build() const { return program_; }

 private:
  Program program_;
};

// One unit of a kind that calls the segments in order.
Unit unit(UnitKind, std::vector<int> segments, int repeat = 1);

// One request, one unit, one segment, all ranks one actor.
Program one_segment(ProgramBuilder&, int ranks, std::vector<Task> tasks, std::vector<Exchange> exchanges = {});

// Rank 0 denoises and hands latents to rank 1, which decodes. A latent takes 1us to hand over.
struct Pair {
  ProgramBuilder builder{2};
  int step, hand, decode;

  Pair(Nanos step_time, Nanos decode_time);
  Unit hand_unit() const;
  Program build(Unit steps, int requests, int slots);

  // Steps that rank 1 helps with when it is idle.
  Unit helped_steps(int count, Nanos helped_time);
};

// What the shapes say; parts take start + bytes at one byte a nanosecond.
class GivenCosts : public CostModel {
 public:
  Nanos launch_time{0};
  Nanos part_start{0};
  std::optional<Nanos> nccl_launch{};
  double contention_factor = 1;
  double loss = 1;

  Cost task(const Program&, const Task&) const override;
  Nanos launch(const Program&, const Task&) const override { return launch_time; }
  Cost part(const Program&, Transport, const Part&) const override;
  std::optional<Nanos> kernel_launch(Transport transport) const override {
    return transport == Transport::nccl ? nccl_launch : std::nullopt;
  }
  double contention(program::OpKind, Transport) const override { return contention_factor; }
  double sharing_loss() const override { return loss; }
};

// Devices that hang on one switch, links of one byte a nanosecond.
Cluster gpus(int count, int slots = 1);
Cluster one_cpu(int cores);

// Start and end of a task of the only call of an actor's unit, in absolute time.
struct Times {
  Nanos start{0}, end{0};
  friend bool operator==(const Times&, const Times&) = default;
};
void PrintTo(const Times&, std::ostream*);
Times at(const Timeline&, int task, int occurrence = 0);

}  // namespace pipedit::simulator::testing
