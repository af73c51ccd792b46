#include <algorithm>

#include "planner/host_time.h"
#include "planner/job_bound.h"
#include "planner/longest_path.h"

// From a program to what its pipelines' units take at least.
namespace pipedit::planner {

namespace {

using program::UnitKind;

class TimesOf {
 public:
  TimesOf(const program::Program& program, const Cluster& cluster, const simulator::CostModel& costs)
      : program_(program), cluster_(cluster), costs_(costs), times_(program, costs) {}

  RequestTimes request(const program::Actor& actor, std::size_t shape) const {
    RequestTimes times;
    for (const program::Unit& unit : actor.scripts[shape]) add(unit, shape, times);
    if (cluster_.devices.size() > 1) times.step_work = times.decode_work = times.other_work = Nanos{0};
    add_turn(actor, shape, times);
    return times;
  }

 private:
  static bool decides(const program::Unit& unit) { return unit.alternatives.size() > 1; }

  UnitTime time(const program::Unit& unit, Hosts hosts, std::size_t alternative = 0) const {
    return unit_time(program_, cluster_, times_, unit.alternatives[alternative], hosts);
  }

  // `drawn`: the unit is the first behind a draw.
  void add(const program::Unit& unit, std::size_t shape, RequestTimes& times, bool drawn = false) const {
    const bool at_start = drawn || unit.kind == UnitKind::begin || decides(unit);
    const UnitTime plain = time(unit, at_start ? Hosts::at_start : Hosts::ahead);
    if (unit.kind == UnitKind::decode)
      times.decode_work = plain.work;
    else if (unit.kind != UnitKind::step)
      times.other_work += plain.work;
    switch (unit.kind) {
      case UnitKind::begin:
        times.begin = plain.barrier;
        break;
      case UnitKind::step:
        add_step(unit, plain, times);
        break;
      case UnitKind::gather:
        times.hand = plain.barrier;
        break;
      case UnitKind::hand: {
        times.hand = plain.all;
        times.colocated = false;
        add(program_.actors[index(*unit.hand_to)].scripts[shape].front(), shape, times, true);
        break;
      }
      case UnitKind::decode:
        times.decode = plain.barrier;
        times.tail = plain.all - plain.barrier;
        break;
    }
  }

  void add_step(const program::Unit& unit, const UnitTime& plain, RequestTimes& times) const {
    const UnitTime lent = decides(unit) ? time(unit, Hosts::at_start, 1) : plain;
    times.steps = unit.repeat;
    times.step = plain.barrier;
    times.lent_step = lent.barrier;
    times.step_work = std::min(plain.work, lent.work);
  }

  // Where steps are decided at their barriers, each has its hosts in it already.
  void add_turn(const program::Actor& actor, std::size_t shape, RequestTimes& times) const {
    if (std::ranges::any_of(actor.scripts[shape], decides)) return;
    const RequestTime request = request_time(program_, cluster_, times_, actor, shape);
    times.turn = std::max(request.drained, host_time(program_, costs_, actor, shape).request);
    if (times.colocated && times.turn == request.drained) times.turn_tail = request.all - request.drained;
  }

  const program::Program& program_;
  const Cluster& cluster_;
  const simulator::CostModel& costs_;
  SegmentTimes times_;
};

}  // namespace

std::vector<PipelineTimes> pipeline_times(const program::Program& program, const Cluster& cluster,
                                          const simulator::CostModel& costs) {
  const TimesOf times(program, cluster, costs);
  std::vector<PipelineTimes> pipelines;
  for (const program::Actor& actor : program.actors) {
    if (actor.source != program::Source::queue) continue;
    PipelineTimes& pipeline = pipelines.emplace_back();
    for (std::size_t shape = 0; shape < actor.scripts.size(); ++shape) pipeline.push_back(times.request(actor, shape));
  }
  return pipelines;
}

}  // namespace pipedit::planner
